package cli

import (
	"crypto/tls"
	"fmt"
	"net"
)

func (c serveSettings) scheme() string {
	if c.TLSCert != "" {
		return "https"
	}
	return "http"
}

// listen takes the address before anything slow begins, so that a port in use is said at once.
func (c *serveSettings) listen() (net.Listener, error) {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return nil, fmt.Errorf("tls-cert and tls-key go together: give both or neither")
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another --addr", c.Addr, err)
	}
	if c.TLSCert == "" {
		return l, nil
	}
	cert, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("TLS certificate: %w", err)
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}), nil
}
