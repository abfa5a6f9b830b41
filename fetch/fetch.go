// Package fetch gets published files over HTTP: with a size limit, a time limit, tries again with
// backoff, conditional requests, and without ever being led to an address of the private network.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"dossier/session"
)

// Options of a [Client]. Zero fields have defaults.
type Options struct {
	MaxBytes     int64         // of a body; 256 MB
	Timeout      time.Duration // of one file, all tries together; 10 minutes
	Tries        int           // in all; 5
	FirstWait    time.Duration // before the second try, doubled each time; 2 seconds
	Proxy        string        // URL of an HTTP proxy
	AllowPrivate bool          // let addresses of private networks through: tests, and mirrors inside
	Log          *slog.Logger
}

// A Client fetches files. It is safe for concurrent use.
type Client struct {
	http     *retryablehttp.Client
	private  bool
	maxBytes int64
	timeout  time.Duration
}

var _ session.Fetcher = (*Client)(nil)

// New returns a client, or an error where the proxy is no URL.
func New(o Options) (*Client, error) {
	dialer := &net.Dialer{Timeout: 15 * time.Second, Control: publicOnly}
	var proxy func(*http.Request) (*url.URL, error)
	if o.Proxy != "" {
		u, err := url.Parse(o.Proxy)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("fetch: the proxy %q is no URL such as http://proxy.example:3128", o.Proxy)
		}
		proxy = http.ProxyURL(u)
		dialer.Control = nil // we dial the proxy alone, which may well be inside; names are its to resolve
	}
	if o.AllowPrivate {
		dialer.Control = nil
	}
	c := retryablehttp.NewClient()
	c.Logger = nil
	if o.Log != nil {
		c.Logger = o.Log
	}
	c.RetryMax, c.RetryWaitMin, c.RetryWaitMax = orInt(o.Tries, 5)-1, orDuration(o.FirstWait, 2*time.Second), time.Minute
	c.CheckRetry = retry
	c.ErrorHandler = gaveUp
	c.HTTPClient = &http.Client{
		Transport:     &http.Transport{Proxy: proxy, DialContext: dialer.DialContext, TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: time.Minute},
		CheckRedirect: func(req *http.Request, via []*http.Request) error { return redirect(req, via, o.AllowPrivate) },
	}
	return &Client{http: c, private: o.AllowPrivate, maxBytes: orInt(o.MaxBytes, 256<<20), timeout: orDuration(o.Timeout, 10*time.Minute)}, nil
}

func orInt[T int | int64](n, otherwise T) T {
	if n == 0 {
		return otherwise
	}
	return n
}

func orDuration(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// errPrivate is an address that the outside must not lead us to.
var errPrivate = errors.New("the address is in a private network, which is not allowed here")

// publicOnly is asked with the address that is really dialled, after the name was resolved, so that no
// DNS answer gets around it.
func publicOnly(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if isPrivate(target.Addr()) {
		return errPrivate
	}
	return nil
}

// notPublic are networks that the standard library calls global and that are not the internet: shared and
// reserved ones, and tunnels of IPv6 to any address of IPv4 (RFC 6890).
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("2002::/16"),
}

// nat64 is how a machine that has IPv6 alone reaches IPv4: the address is in the last four bytes.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

func isPrivate(ip netip.Addr) bool {
	if ip = ip.Unmap(); nat64.Contains(ip) {
		all := ip.As16()
		ip = netip.AddrFrom4([4]byte(all[12:]))
	}
	return !ip.IsGlobalUnicast() || ip.IsPrivate() || slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// namesPrivate looks at the URL alone, for requests whose address a proxy resolves.
func namesPrivate(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && isPrivate(ip) || u.Hostname() == "localhost"
}

func redirect(req *http.Request, via []*http.Request, private bool) error {
	if !private && namesPrivate(req.URL) {
		return errPrivate
	}
	if len(via) >= 5 {
		return errors.New("more than 5 redirects")
	}
	if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return errors.New("redirected from https to http")
	}
	return nil
}

// retry tries again what may be over in a moment, and not what will fail again.
func retry(ctx context.Context, res *http.Response, err error) (bool, error) {
	if errors.Is(err, errPrivate) {
		return false, err
	}
	return retryablehttp.ErrorPropagatedRetryPolicy(ctx, res, err)
}

// gaveUp says what the last try met.
func gaveUp(res *http.Response, err error, tries int) (*http.Response, error) {
	if res != nil {
		res.Body.Close()
	}
	return nil, fmt.Errorf("%w, after %d tries", explain(err), tries)
}

// Fetch gets a file, or says that it is the one with this ETag or date still.
func (c *Client) Fetch(ctx context.Context, address, etag, modified string) (session.Fetched, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return session.Fetched{}, fmt.Errorf("%q is no http or https address", address)
	}
	if !c.private && namesPrivate(u) {
		return session.Fetched{}, errPrivate
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	for try := 0; ; try++ {
		got, err := c.once(ctx, address, etag, modified)
		if !errors.Is(err, errBrokeOff) || try == c.http.RetryMax || ctx.Err() != nil {
			return got, explain(err)
		}
		select {
		case <-ctx.Done():
			return got, explain(err)
		case <-time.After(c.http.Backoff(c.http.RetryWaitMin, c.http.RetryWaitMax, try, nil)):
		}
	}
}

// once asks until there is an answer, and reads it.
func (c *Client) once(ctx context.Context, address, etag, modified string) (session.Fetched, error) {
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return session.Fetched{}, err
	}
	req.Header.Set("User-Agent", "Dossier")
	setHeader(req, "If-None-Match", etag)
	setHeader(req, "If-Modified-Since", modified)
	res, err := c.http.Do(req)
	if err != nil {
		return session.Fetched{}, err
	}
	defer res.Body.Close()
	return c.read(res)
}

// explain says of an error what an operator can use. Those of the HTTP library repeat the address, which
// may hold a token.
func explain(err error) error {
	var failed *url.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("it took longer than list-timeout allows: %w", context.DeadlineExceeded)
	case errors.Is(err, errPrivate):
		return fmt.Errorf("%w; list-private lets them through", errPrivate)
	case errors.As(err, &failed):
		return failed.Err
	}
	return err
}

// errBrokeOff is a body that ended too early.
var errBrokeOff = errors.New("the file broke off")

func setHeader(req *retryablehttp.Request, name, value string) {
	if value != "" {
		req.Header.Set(name, value)
	}
}

func (c *Client) read(res *http.Response) (session.Fetched, error) {
	got := session.Fetched{ETag: res.Header.Get("ETag"), Modified: res.Header.Get("Last-Modified")}
	switch {
	case res.StatusCode == http.StatusNotModified:
		got.Same = true
		return got, nil
	case res.StatusCode != http.StatusOK:
		return session.Fetched{}, fmt.Errorf("the server answered %s", res.Status)
	case res.ContentLength > c.maxBytes:
		return session.Fetched{}, fmt.Errorf("the file has %d MB; at most %d are taken", res.ContentLength>>20, c.maxBytes>>20)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, c.maxBytes+1))
	if err != nil {
		return session.Fetched{}, fmt.Errorf("%w after %d bytes: %w", errBrokeOff, len(body), err)
	}
	if int64(len(body)) > c.maxBytes {
		return session.Fetched{}, fmt.Errorf("the file is larger than %d MB", c.maxBytes>>20)
	}
	got.Body = body
	return got, nil
}
