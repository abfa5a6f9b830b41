package cli

import (
	"crypto/tls"
	"fmt"
	"net"
)

// addressSettings say where the server is: for the server itself, and for commands that ask it or print a link to it.
type addressSettings struct {
	Addr    string `group:"Settings" help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	BaseURL string `group:"Settings" help:"What browsers call this server, for links and QR codes; the address it listens on by default." placeholder:"URL"`
	TLSCert string `group:"Settings" help:"Certificate file (PEM); with --tls-key the server speaks HTTPS." type:"path" placeholder:"FILE"`
}

func (s addressSettings) scheme() string {
	if s.TLSCert != "" {
		return "https"
	}
	return "http"
}

// here is where this machine reaches a server that listens on Addr, without the path of BaseURL.
func (s addressSettings) here() string {
	addr := s.Addr
	if host, port, err := net.SplitHostPort(addr); err == nil && (host == "" || net.ParseIP(host).IsUnspecified()) {
		addr = net.JoinHostPort("127.0.0.1", port)
	}
	return s.scheme() + "://" + addr
}

// listen takes the address before anything slow begins, so that a port in use is said at once.
func (c *serveSettings) listen() (net.Listener, error) {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return nil, fmt.Errorf("tls-cert and tls-key go together: give both or neither")
	}
	if c.Addr == "" { // which would be any port, open to everybody
		return nil, fmt.Errorf("addr: write HOST:PORT, such as 127.0.0.1:8080; it is set to nothing")
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
