package server

import (
	"bufio"
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

// TestFollowersAreBounded: one login cannot take the streams of the others, and a place comes back.
func TestFollowersAreBounded(t *testing.T) {
	s := &Server{closing: make(chan struct{}), o: Options{Log: slog.New(slog.DiscardHandler)}}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ErrorHandler: func(c *fiber.Ctx, err error) error {
		return c.SendStatus(statuses[session.CodeOf(err)])
	}})
	app.Get("/:login", func(c *fiber.Ctx) error {
		c.Locals(visitorKey, visitor{login: staff.Login{ID: strings.Clone(c.Params("login"))}})
		return s.follow(c, func(context.Context) ([]byte, bool, error) { return []byte(time.Now().String()), true, nil })
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go app.Listener(listener)
	defer app.Shutdown()
	defer close(s.closing)
	open := func(login string) *http.Response {
		t.Helper()
		res, err := http.Get("http://" + listener.Addr().String() + "/" + login)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { res.Body.Close() })
		if res.StatusCode == http.StatusOK {
			if line, err := bufio.NewReader(res.Body).ReadString('\n'); err != nil || !strings.HasPrefix(line, "retry:") {
				t.Fatalf("the stream begins with %q: %v", line, err)
			}
		}
		return res
	}
	first := open("ada")
	for range maxOfLogin - 1 {
		open("ada")
	}
	if res := open("ada"); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one stream more than a login may have: %s", res.Status)
	}
	if res := open("bob"); res.StatusCode != http.StatusOK {
		t.Errorf("another login: %s", res.Status)
	}
	first.Body.Close()
	for deadline := time.Now().Add(time.Minute); ; { // that nobody reads any more is seen at a write
		if res := open("ada"); res.StatusCode == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the place of a stream that ended does not come back")
		}
		time.Sleep(50 * time.Millisecond)
	}
	var f followers
	for i := range maxFollowers {
		f.enter(string(rune('a' + i)))
	}
	if f.enter("one more") || f.all != maxFollowers {
		t.Errorf("%d streams are open at once, at most %d may be", f.all, maxFollowers)
	}
}
