package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	followEvery = 500 * time.Millisecond // between two looks
	// followTime ends a stream before writeTimeout cuts it; the browser asks again by itself.
	followTime = writeTimeout - 20*time.Second
	// beatEvery is how often a stream with nothing new writes, to find out whether anybody reads.
	beatEvery = 15 * time.Second
	// maxFollowers bounds the streams that are open at once.
	maxFollowers = 100
)

// A look gives a piece of a page as it is now, and whether it may change still.
type look func(ctx context.Context) (piece []byte, going bool, err error)

// follow answers with server-sent events: the piece whenever it has changed, and "over" when it will not
// change any more. It ends when the server shuts down.
func (s *Server) follow(c *fiber.Ctx, now look) error {
	if _, _, err := now(c.UserContext()); err != nil {
		return err
	}
	select {
	case s.followers <- struct{}{}:
	default:
		return c.SendStatus(fiber.StatusNoContent) // tells the browser not to ask again
	}
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	c.Set("X-Accel-Buffering", "no") // proxies pass each event on at once
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer func() { <-s.followers }()
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
	if err := s.pages[page].ExecuteTemplate(&out, part, view); err != nil {
		return nil, fmt.Errorf("server: render %s of %s: %w", part, page, err)
	}
	return out.Bytes(), nil
}
