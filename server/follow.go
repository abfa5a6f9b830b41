package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

const (
	followEvery = 500 * time.Millisecond // between two looks
	// followTime ends a stream before writeTimeout cuts it; the browser asks again by itself.
	followTime = writeTimeout - 20*time.Second
	// beatEvery is how often a stream with nothing new writes, to find out whether anybody reads.
	beatEvery = 15 * time.Second
	// maxFollowers bounds the streams that are open at once.
	maxFollowers = 100
	// maxOfLogin bounds those of one browser: it opens six connections to a host, and needs some for pages.
	maxOfLogin = 3
)

// followers counts the streams that are open, all and by login.
type followers struct {
	mu  sync.Mutex
	all int
	by  map[string]int
}

// enter takes a place, unless all or those of the login are taken.
func (f *followers) enter(login string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all >= maxFollowers || f.by[login] >= maxOfLogin {
		return false
	}
	if f.by == nil {
		f.by = map[string]int{}
	}
	f.all++
	f.by[login]++
	return true
}

// leave gives the place back.
func (f *followers) leave(login string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all--
	if f.by[login]--; f.by[login] == 0 {
		delete(f.by, login)
	}
}

// A look gives a piece of a page as it is now, and whether it may change still.
type look func(ctx context.Context) (piece []byte, going bool, err error)

// follow answers with server-sent events: the piece whenever it has changed, and "over" when it will not
// change any more. It ends when the server shuts down. Where too many are open it is refused, and the
// page asks for itself every few seconds instead.
func (s *Server) follow(c *fiber.Ctx, now look) error {
	if _, _, err := now(c.UserContext()); err != nil {
		return err
	}
	v, _ := visitorOf(c)
	if !s.followers.enter(v.login.ID) {
		return &session.Error{Code: session.TooMany, Op: "server.follow", Message: "Too many pages follow something at once. Ask for the page itself now and then."}
	}
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	c.Set("X-Accel-Buffering", "no") // proxies pass each event on at once
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer s.followers.leave(v.login.ID)
		ctx, cancel := context.WithTimeout(context.Background(), followTime)
		defer cancel()
		if err := s.send(ctx, w, now); err != nil {
			s.o.Log.Warn("follow a page", "err", err)
		}
	})
	return nil
}

// send writes events until the piece is over, ctx ends, the reader leaves or the server shuts down.
func (s *Server) send(ctx context.Context, w *bufio.Writer, now look) error {
	fmt.Fprint(w, "retry: 1000\n\n")
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	var last []byte
	var wrote time.Time
	for {
		piece, going, err := now(ctx)
		if err != nil {
			return err
		}
		switch {
		case !bytes.Equal(piece, last):
			last = piece
			writeEvent(w, "piece", piece)
		case time.Since(wrote) > beatEvery:
			fmt.Fprint(w, ": nothing new\n\n")
		}
		if !going {
			writeEvent(w, "over", nil)
		}
		if w.Buffered() > 0 {
			wrote = time.Now()
			if err := w.Flush(); err != nil { // nobody reads any more
				return nil
			}
		}
		if !going {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.closing:
			return nil
		case <-tick.C:
		}
	}
}

// writeEvent writes one event; each line of data is a line of its own.
func writeEvent(w *bufio.Writer, name string, data []byte) {
	fmt.Fprintf(w, "event: %s\n", name)
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		fmt.Fprintf(w, "data: %s\n", bytes.TrimRight(line, "\r"))
	}
	fmt.Fprint(w, "\n")
}

// piece renders a part of a page.
func (s *Server) piece(page, part string, view any) ([]byte, error) {
	var out bytes.Buffer
	if err := s.pages.execute(&out, page, part, view); err != nil {
		return nil, fmt.Errorf("server: render %s of %s: %w", part, page, err)
	}
	return out.Bytes(), nil
}
