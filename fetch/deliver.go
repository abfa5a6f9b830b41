package fetch

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"dossier/session"
)

const (
	deliverWithin = 15 * time.Second
	answerKept    = 1 << 10 // bytes
)

// A Sender delivers webhooks. It follows no redirect, and reaches no address of the private network
// unless it is told that it may. It is safe for concurrent use.
type Sender struct {
	http    *http.Client
	private bool
}

var _ session.Deliverer = (*Sender)(nil)

// NewSender returns a sender; allowPrivate lets addresses of private networks through.
func NewSender(allowPrivate bool) *Sender {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: publicOnly}
	if allowPrivate {
		dialer.Control = nil
	}
	return &Sender{private: allowPrivate, http: &http.Client{
		Timeout:       deliverWithin,
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Deliver sends r and returns the answer, whatever its status. The message of an error is for people.
func (s *Sender) Deliver(ctx context.Context, r session.HookRequest) (session.HookAnswer, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return session.HookAnswer{}, err
	}
	if !s.private && namesPrivate(u) {
		return session.HookAnswer{}, undelivered(errPrivate)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return session.HookAnswer{}, err
	}
	req.Header.Set("User-Agent", "Dossier")
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	res, err := s.http.Do(req)
	if err != nil {
		return session.HookAnswer{}, undelivered(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerKept))
	if err != nil { // the status has come, and it decides
		body = nil
	}
	return session.HookAnswer{Status: res.StatusCode, Body: string(bytes.ToValidUTF8(body, []byte("\uFFFD")))}, nil
}
