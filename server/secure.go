package server

import (
	"bytes"
	"context"
	"crypto/subtle"
	"fmt"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"dossier/session"
)

// contentSecurity lets pages load from us alone and run no script or style but our files.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// around stands around every request: headers, the time limit, panics, errors and the log.
func (s *Server) around(c *fiber.Ctx) error {
	started := time.Now()
	s.secure(c)
	defer leaveBody(c)
	ctx, cancel := context.WithTimeout(c.UserContext(), workTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	if err := s.next(c); err != nil {
		if err := s.fail(c, err); err != nil {
			return err
		}
	}
	receiving, _ := c.Locals(receivingKey).(time.Duration)
	s.logRequest(c, time.Since(started)-receiving)
	return nil
}

// next goes on with the request, and turns a panic into an error.
func (s *Server) next(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return c.Next()
}

// secure sets the headers that stand on every answer. What may be kept by browsers says so later.
func (s *Server) secure(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, contentSecurity)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if strings.HasPrefix(s.o.BaseURL, "https:") {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// logRequest writes one line: the route and never the URL, which may hold names or tokens.
func (s *Server) logRequest(c *fiber.Ctx, took time.Duration) {
	path := c.Route().Path
	s.metrics.request(c.Method(), path, c.Response().StatusCode(), took)
	if strings.HasSuffix(path, "/healthz") || strings.HasSuffix(path, "/readyz") {
		return
	}
	s.o.Log.Info("request", "id", requestID(c), "method", c.Method(), "route", path, "status", c.Response().StatusCode(),
		"ms", float64(took.Microseconds())/1000, "by", actor(c).ID)
}

// sameOrigin refuses a request that a browser sends from another site's page. It is all that guards
// the forms of people who are not logged in; the others carry a token too, see ownForm.
func sameOrigin(c *fiber.Ctx) error {
	refused := &session.Error{Code: session.Forbidden, Op: "server.sameOrigin", Message: "This form was sent from another site."}
	switch site := c.Get("Sec-Fetch-Site"); site {
	case "same-origin", "none":
		return c.Next()
	case "":
	default:
		return refused
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" && origin != "null" { // our own no-referrer makes it null
		if u, err := url.Parse(origin); err != nil || u.Host != c.Hostname() {
			return refused
		}
	}
	return c.Next()
}

// ownForm requires the token of the login, in the field csrf or the header X-CSRF-Token.
func ownForm(c *fiber.Ctx) error {
	token := c.Get("X-CSRF-Token")
	if token == "" {
		token = c.FormValue("csrf")
	}
	if v, ok := visitorOf(c); ok && subtle.ConstantTimeCompare([]byte(token), []byte(v.login.CSRF)) == 1 {
		return c.Next()
	}
	return &session.Error{Code: session.Forbidden, Op: "server.ownForm", Message: "The form is out of date. Go back, load the page again and send it once more."}
}

// limits is asked for when the header is there. An export may take long to send.
func (s *Server) limits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := bytes.Cut(h.RequestURI(), []byte("?"))
	if bytes.HasSuffix(path, []byte("/export.csv")) {
		return fasthttp.RequestConfig{WriteTimeout: exportTime}
	}
	return fasthttp.RequestConfig{}
}

// prefixes reads addresses and networks.
func prefixes(texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if addr, addrErr := netip.ParseAddr(text); addrErr == nil {
			p, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("server: trusted proxy %q is no address or network such as 10.0.0.0/8", text)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// clientIP is the address of the browser: the last one in X-Forwarded-For that no trusted proxy
// has, where the request comes from such a proxy.
func (s *Server) clientIP(c *fiber.Ctx) string {
	remote, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return ""
	}
	remote = remote.Unmap()
	hops := strings.Split(string(bytes.Join(c.Request().Header.PeekAll(fiber.HeaderXForwardedFor), []byte(","))), ",") // some proxies add a line of their own
	for i := len(hops) - 1; i >= 0 && s.trusts(remote); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		remote = next.Unmap()
	}
	return remote.String()
}

func (s *Server) trusts(addr netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
