package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"dossier/session"
)

// undelivered says in plain words why the receiver of a webhook was not reached. The raw error is for the
// log, without the address, which may hold a token.
func undelivered(err error) error {
	raw := err
	var failed *url.Error
	if errors.As(err, &failed) {
		raw = failed.Err
	}
	return &session.Error{Code: session.Unavailable, Op: "fetch.Deliver", Message: plainly(err), Err: raw}
}

func plainly(err error) string {
	var name *net.DNSError
	var answered tls.RecordHeaderError
	var untrusted *tls.CertificateVerificationError
	var timed net.Error
	switch {
	case errors.Is(err, errPrivate):
		return "The address is in a private network, and webhooks may not reach those here."
	case errors.As(err, &name) && name.IsNotFound:
		return fmt.Sprintf("There is no host named %s.", name.Name)
	case errors.As(err, &name):
		return fmt.Sprintf("The address of %s could not be looked up: the name server did not answer.", name.Name)
	case errors.As(err, &untrusted):
		return certificate(untrusted.Err)
	case errors.As(err, &answered), errors.Is(err, http.ErrSchemeMismatch):
		return "The receiver does not speak HTTPS at this address."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return fmt.Sprintf("The receiver did not answer within %d seconds.", int(deliverWithin.Seconds()))
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The receiver refused the connection: nothing listens at this address."
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "No way leads from this machine to the receiver: its network cannot be reached."
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "The receiver broke the connection off without an answer."
	}
	return "The message could not be sent. The log says more."
}

// certificate says what is wrong with the receiver's.
func certificate(err error) string {
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		return "The receiver's certificate is for another name."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "The receiver's certificate has expired, or is not valid yet."
	}
	return "The receiver's certificate is not trusted: nobody whom this machine knows vouches for it."
}
