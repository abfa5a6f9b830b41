// Package server shows Dossier to browsers and programs. Every page is complete without JavaScript;
// htmx asks the same URLs for fragments of them. routes.go lists every route with the permission that
// it needs, fail.go is the only place that knows HTTP statuses, and who may see which company is
// decided in package session, never here.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

// Options of a [Server]. Sessions and Staff are required.
type Options struct {
	Sessions *session.Service
	Staff    *staff.Service
	Log      *slog.Logger
	Now      func() time.Time
	Zone     *time.Location // in which pages show times; UTC by default
	// BaseURL is the address at which people reach the server, such as "https://id.example.com/kyc".
	// Its path stands before every route. "" is the host of each request, without a path.
	BaseURL string
	// TrustedProxies are addresses or networks ("10.0.0.0/8") whose X-Forwarded-For is believed.
	TrustedProxies []string
	// RequireSecondFactor leads members without one to where it is set up, and nowhere else.
	RequireSecondFactor bool
	Version             string
	Ready               func(context.Context) error // what /readyz asks; nil is always ready
	GeoIP               func() string               // says whether the country of an address is known, and from what
	// Figures are asked for by the page System, by /metrics and by every page of a master: they must be quick.
	Figures func(context.Context) (Figures, error)
	// MetricsToken is what /metrics wants as a bearer; without one only MetricsHandler answers.
	MetricsToken string
}

// A Server answers HTTP requests. Use [New].
type Server struct {
	o       Options
	app     *fiber.App
	pages   pageSet
	assets  map[string]asset
	thumbs  *thumbnails
	room    *room
	base    string // path before every route, without a slash at the end
	proxies []netip.Prefix
	metrics *metrics
	// followers are the streams of events that are open; closing ends them.
	followers followers
	closing   chan struct{}
	close     sync.Once
	// description is the OpenAPI document.
	description func() ([]byte, error)
}

// How long a request may take.
const (
	readTimeout  = 20 * time.Second // for the header and a small body; a large one has a pace of its own
	writeTimeout = 2 * time.Minute
	idleTimeout  = time.Minute
	workTimeout  = time.Minute // for the handler
)

// New parses the templates, registers the routes and returns a server that listens nowhere yet.
func New(o Options) (*Server, error) {
	s := &Server{o: o.filled(), thumbs: newThumbnails(), room: newRoom(), closing: make(chan struct{})}
	var err error
	if s.base, err = basePath(o.BaseURL); err != nil {
		return nil, err
	}
	if s.proxies, err = prefixes(o.TrustedProxies); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.pages, err = s.loadPages(); err != nil {
		return nil, err
	}
	s.metrics = newMetrics(s)
	s.description = descriptionOnce(s)
	s.app = fiber.New(fiber.Config{
		Immutable:    true, // what we keep must not change when fiber uses its buffers again
		ErrorHandler: s.fail,
		// Photos must not end up in temporary files, where the encryption of the store does not reach.
		DisablePreParseMultipartForm: true,
		DisableStartupMessage:        true,
		StreamRequestBody:            true,
		BodyLimit:                    1,    // byte of a body is read before it is known who asks: body.go reads the others
		EnableTrustedProxyCheck:      true, // nobody else's X-Forwarded-Host and -Proto count
		TrustedProxies:               s.o.TrustedProxies,
		ReadBufferSize:               16 << 10,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
	})
	s.app.Server().HeaderReceived = s.limits
	s.register()
	return s, nil
}

func (o Options) filled() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	if o.GeoIP == nil {
		o.GeoIP = func() string { return "The country of a client's address is known only where the session says it." }
	}
	return o
}

func basePath(base string) (string, error) {
	if base == "" {
		return "", nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("server: the base URL %q must look like https://id.example.com/path", base)
	}
	return strings.TrimRight(u.Path, "/"), nil
}

// Serve answers requests on ln until Shutdown. It returns nil after a Shutdown.
func (s *Server) Serve(ln net.Listener) error {
	if err := s.app.Listener(ln); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("server: %w", err)
	}
	return nil
}

// Shutdown takes no more requests and waits until those under way are answered or ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.close.Do(func() { close(s.closing) }) // an open stream would hold it up
	return s.app.ShutdownWithContext(ctx)
}

// Test answers one request without a network, for tests.
func (s *Server) Test(req *http.Request) (*http.Response, error) {
	return s.app.Test(req, -1)
}

// link is the address of path, which is without the base, as people reach it: for places outside of our
// pages, such as a PDF.
func (s *Server) link(c *fiber.Ctx, path string) string {
	if s.o.BaseURL != "" {
		return strings.TrimRight(s.o.BaseURL, "/") + path
	}
	return c.Protocol() + "://" + c.Hostname() + path
}
