package e2e

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/demo"
	"dossier/server"
	"dossier/session"
	"dossier/staff"
)

// A wire is a connection to the desk on which tests write HTTP by hand.
type wire struct {
	t testing.TB
	net.Conn
	answers *bufio.Reader
}

func (d *desk) dial(t testing.TB) wire {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(d.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return wire{t, conn, bufio.NewReader(conn)}
}

// head begins a request; lines are headers.
func (w wire) head(request string, lines ...string) {
	fmt.Fprintf(w, "%s HTTP/1.1\r\nHost: desk\r\n%s\r\n\r\n", request, strings.Join(lines, "\r\n"))
}

// answer reads the next one.
func (w wire) answer() (*http.Response, string) {
	w.t.Helper()
	res, err := http.ReadResponse(w.answers, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res, string(body)
}

// over reports whether the server says nothing more and has closed the connection.
func (w wire) over() bool {
	rest, _ := io.ReadAll(w.answers)
	return len(rest) == 0
}

func bearer(key string) string { return "Authorization: Bearer " + key }

// TestBodyLimits: much may be sent only where files are taken, and only by those whom we know. Anybody else is
// answered when no more than a byte of what he announces has come.
func TestBodyLimits(t *testing.T) {
	d := ownDesk(t)
	key := d.client(t, staff.Key{Company: "nobody", Write: true}).key
	const photo = "/api/v1/sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV/photos/selfie"
	for _, test := range []struct {
		request string
		size    int
		as      string
		want    int
	}{
		{"POST /login", 65 << 10, "", 413},
		{"POST /sanctions/lists", 15 << 20, "", 303},
		{"POST /api/v1/sessions", 15 << 20, "", 401},
		{"PUT " + photo, 15 << 20, "", 401},
		{"PUT " + photo, 15 << 20, bearer(key[:len(key)-1] + "_"), 401},
		{"PUT " + photo, 15<<20 + 1, bearer(key), 413},
		{"POST /api/v1/sessions", 4<<20 + 1, bearer(key), 413},
		{"POST /api/v1/mrz/check", 1<<20 + 1, bearer(key), 413},
		{"POST /api/v1/lists/un_sc", 90 << 20, bearer(key), 403},
		{"POST /nowhere", 90 << 20, "", 404},
		{"GET /api/v1/sessions", 90 << 20, bearer(key), 413},
		{"GET /healthz", 90 << 20, "", 200},
	} {
		w := d.dial(t)
		w.head(test.request, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", test.size), cmp.Or(test.as, "Accept: application/json"))
		io.WriteString(w, "x")
		res, text := w.answer()
		if res.StatusCode != test.want || res.Header.Get("Content-Security-Policy") == "" || !w.over() {
			t.Errorf("%s of %d bytes: %d, want %d, with the headers of every answer, and nothing after it\n%v\n%s", test.request, test.size, res.StatusCode, test.want, res.Header, text)
		}
		if test.want == 413 && !strings.Contains(text, "too large: at most ") {
			t.Errorf("%s: the answer does not say how much is taken: %s", test.request, text)
		}
	}
	if res, _ := d.upload(t, "m", "big.csv", bytes.Repeat([]byte("x"), 3<<20), nil); res.StatusCode != 422 {
		t.Errorf("3 MB of list by a master: %d, want 422 since it is no list", res.StatusCode)
	}
	if res, _ := d.ask(t, "m", "POST", "/sanctions/lists", url.Values{"file": {strings.Repeat("x", 2<<20)}}); res.StatusCode != 413 {
		t.Errorf("2 MB in a form without files: %d", res.StatusCode)
	}
}

// A client that sends all the same gets to read why it is refused.
func TestTooLargeIsRead(t *testing.T) {
	d := openDesk(t)
	api := d.client(t, staff.Key{Company: demo.Acme, Write: true})
	for _, who := range []struct {
		key  string
		want int
	}{{api.key, 413}, {"", 401}} {
		req, _ := http.NewRequest("PUT", d.url+"/api/v1/sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV/photos/selfie", bytes.NewReader(make([]byte, 20<<20)))
		req.Header.Set("Authorization", "Bearer "+who.key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			continue
		}
		res.Body.Close()
		if res.StatusCode != who.want {
			t.Errorf("20 MB: %d, want %d", res.StatusCode, who.want)
		}
	}
}

// TestUnreadBodies: what nobody reads of a body is never taken for the next request.
func TestUnreadBodies(t *testing.T) {
	d := openDesk(t)
	key := bearer(d.client(t, staff.Key{Company: demo.Acme, Write: true}).key)
	const smuggled, next = "GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n", "GET /readyz HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n"
	chunked := func(s string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(s), s) }
	long := smuggled + strings.Repeat("x", 100<<10)
	for name, test := range map[string]struct {
		request, as, body string
		announced         string
		first             int
		goesOn            bool
	}{
		"not asked for":         {"GET /api/v1/lists", key, smuggled, "", 200, true},
		"of nobody":             {"POST /api/v1/sessions", "X-Nobody: 1", smuggled, "", 401, true},
		"of no route":           {"POST /nowhere", key, smuggled, "", 404, true},
		"too large for nobody":  {"POST /login", "X-Nobody: 1", long, "", 413, true},
		"in chunks, of nobody":  {"POST /api/v1/sessions", "X-Nobody: 1", chunked(smuggled), "Transfer-Encoding: chunked", 401, true},
		"in chunks, too large":  {"POST /login", "X-Nobody: 1", chunked(long), "Transfer-Encoding: chunked", 413, true},
		"in chunks, read":       {"POST /api/v1/mrz/check", key, chunked(`{"mrz":["x"]}`), "Transfer-Encoding: chunked", 422, true},
		"in broken chunks":      {"POST /api/v1/mrz/check", key, "5\r\nGET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n", "Transfer-Encoding: chunked", 422, false},
		"packed":                {"POST /api/v1/mrz/check", key + "\r\nContent-Encoding: gzip", smuggled, "", 415, true},
		"after the last part":   {"POST /api/v1/sessions", key, "--b--\r\n" + smuggled, "", 422, true},
		"of a form that breaks": {"POST /api/v1/sessions", key, "--b\r\nbroken", "", 422, true},
	} {
		t.Run(name, func(t *testing.T) {
			media := "Content-Type: application/json"
			if strings.HasPrefix(test.body, "--b") {
				media = "Content-Type: multipart/form-data; boundary=b"
			}
			w := d.dial(t)
			w.head(test.request, test.as, media, cmp.Or(test.announced, fmt.Sprintf("Content-Length: %d", len(test.body))))
			io.WriteString(w, test.body+next)
			res, body := w.answer()
			if res.StatusCode != test.first {
				t.Errorf("%d, want %d: %.300s", res.StatusCode, test.first, body)
			}
			if res.Close != !test.goesOn {
				t.Errorf("the connection is closed: %v", res.Close)
			}
			if !res.Close {
				if res, body := w.answer(); res.StatusCode != 200 || !strings.Contains(body, "ready") {
					t.Errorf("the next request: %d %.300s", res.StatusCode, body)
				}
			}
			if !w.over() {
				t.Error("there is one more answer")
			}
		})
	}
}

// TestUploadsBreakOff: uploads that are cut off, or that nobody goes on sending, keep nobody else from sending.
func TestUploadsBreakOff(t *testing.T) {
	d := demoDesk(t, nil, server.Options{})
	api, other := d.client(t, staff.Key{Company: demo.Acme, Write: true}), d.client(t, staff.Key{Company: demo.Orbit, Write: true})
	begin := func(c client, size int) wire {
		w := d.dial(t)
		w.head("PUT /api/v1/sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV/photos/selfie", bearer(c.key), fmt.Sprintf("Content-Length: %d", size))
		w.Write(make([]byte, 100<<10))
		return w
	}
	for range 100 {
		begin(api, 15<<20).Close()
	}
	put := func(c client) int {
		var got session.Session
		c.want(201, "POST", "/sessions", "{}", &got)
		status, _ := c.send("PUT", "/sessions/"+string(got.ID)+"/photos/selfie", "", append(picture(t), make([]byte, 1<<20)...))
		return status
	}
	if status := put(api); status != 200 {
		t.Errorf("after a hundred that were cut off: %d", status)
	}
	var all sync.WaitGroup
	for range 100 { // they hang
		all.Go(func() { begin(api, 15<<20) })
	}
	all.Wait()
	if status := put(other); status != 200 {
		t.Errorf("beside a hundred of another key that do not go on: %d", status)
	}
	if status, _ := api.send("GET", "/lists", "", nil); status != 200 {
		t.Errorf("the same key asks for something small: %d", status)
	}
}
