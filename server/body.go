package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/semaphore"

	"dossier/session"
)

// Limits of a request body, in bytes. Nobody who is not logged in has anything long to say.
const (
	strangerLimit = 64 << 10
	formLimit     = 1 << 20
	jsonLimit     = 4 << 20
	photoLimit    = 15 << 20
	uploadLimit   = 100 << 20
)

// large are the routes that take more than a form: so much of a file with fields, so much of anything else.
var large = map[string]struct{ multipart, other int }{
	"POST /sanctions/lists":                 {uploadLimit, formLimit},
	"POST /api/v1/sessions":                 {uploadLimit, jsonLimit},
	"POST /api/v1/sessions/:id/submission":  {jsonLimit, jsonLimit},
	"PUT /api/v1/sessions/:id/photos/:name": {photoLimit, photoLimit},
	"POST /api/v1/lists/:list":              {uploadLimit, uploadLimit},
}

// How bodies come in. One that is not small takes its bytes of the room before it is read, and gives them
// back after the answer: what finds no room waits in the network, where it costs us nothing.
const (
	smallBody  = 64 << 10
	bodyRoom   = 96 << 20    // of all large bodies together; one that is larger than this comes alone
	roomWait   = time.Minute // for room, before the client is told to come again
	jsonCosts  = 4           // bytes of memory for a byte of JSON, while it is parsed
	slowest    = 32 << 10    // bytes a second: who sends slower is cut off
	longest    = 10 * time.Minute
	strayBytes = 32 << 20 // of a body that nobody reads, which is taken in so that the client gets to read why
	strayTime  = 5 * time.Second
	strayStall = 300 * time.Millisecond
)

// A room is what large bodies may hold of the memory, all together and those of one actor, who gets half of
// it: whatever one key sends, the others have their turn.
type room struct {
	all  *semaphore.Weighted
	each sync.Map // *semaphore.Weighted by id of an actor, of whom there are few
	wait time.Duration
}

func newRoom() *room { return &room{all: semaphore.NewWeighted(bodyRoom), wait: roomWait} }

// enter waits for room for a body, and returns what gives it back.
func (r *room) enter(ctx context.Context, actor string, size int) (leave func(), err error) {
	if size <= smallBody {
		return func() {}, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.wait)
	defer cancel()
	own, _ := r.each.LoadOrStore(actor, semaphore.NewWeighted(bodyRoom/2))
	mine, share := own.(*semaphore.Weighted), int64(min(size, bodyRoom/2))
	if err := mine.Acquire(ctx, share); err != nil {
		return nil, errBusy
	}
	whole := int64(min(size, bodyRoom))
	if err := r.all.Acquire(ctx, whole); err != nil {
		mine.Release(share)
		return nil, errBusy
	}
	return func() { r.all.Release(whole); mine.Release(share) }, nil
}

var errBusy = &session.Error{Code: session.Unavailable, Op: "server.room", Message: "Too many files are being sent at once. Try again in a minute."}

// takes reads the body, at most as much as the route takes, and goes on with the request. Before it stands
// what says who asks and whether he may: of anybody else nothing is read. A form with files becomes an
// ordinary one, with its files beside it: see filesOf.
func (s *Server) takes(route string, stranger bool) fiber.Handler {
	multipart, other := formLimit, formLimit
	if most, ok := large[route]; ok {
		multipart, other = most.multipart, most.other
	}
	if stranger {
		multipart, other = strangerLimit, strangerLimit
	}
	return func(c *fiber.Ctx) error {
		stream, began := c.Context().RequestBodyStream(), time.Now()
		if stream == nil {
			return c.Next()
		}
		if len(c.Request().Header.Peek(fiber.HeaderContentEncoding)) > 0 { // a small one may unpack to any size
			return fiber.NewError(fiber.StatusUnsupportedMediaType, "Send the body as it is, without Content-Encoding.")
		}
		boundary := string(c.Request().Header.MultipartFormBoundary())
		b := &body{from: stream, conn: c.Context().Conn(), size: c.Request().Header.ContentLength(), most: other}
		if boundary != "" {
			b.most = multipart
		}
		if err := b.begin(); err != nil {
			return b.explain(err)
		}
		leave, err := s.room.enter(c.UserContext(), actor(c).ID, b.costs(c))
		if err != nil {
			return err
		}
		defer leave()
		if err := b.read(c, boundary); err != nil {
			return b.explain(err)
		}
		c.Locals(receivingKey, time.Since(began))
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), workTimeout) // from now on
		defer cancel()
		c.SetUserContext(ctx)
		return c.Next()
	}
}

// A body is one that comes in.
type body struct {
	from   io.Reader
	conn   net.Conn
	size   int // -1 where it is not known before the end
	most   int // that is taken
	got    int
	over   bool      // the end was met: what a reader of chunks gives after it is the next request
	latest time.Time // when a large one has to be there
}

// begin refuses a body that is too large as announced, and looks how long one is that is not announced.
func (b *body) begin() error {
	if b.size < 0 {
		head, err := io.ReadAll(io.LimitReader(b, smallBody))
		if err != nil {
			return err
		}
		if b.over {
			b.from, b.size = bytes.NewReader(head), len(head)
		} else {
			b.from = io.MultiReader(bytes.NewReader(head), b.from)
		}
		b.got, b.over = 0, false
	}
	if b.size > b.most {
		return b.tooLarge()
	}
	if n := b.expected(); n > smallBody {
		b.latest = time.Now().Add(min(longest, readTimeout+time.Duration(n)*time.Second/slowest))
	}
	return nil
}

// expected is how long the body is, at most.
func (b *body) expected() int {
	if b.size < 0 {
		return b.most
	}
	return b.size
}

// costs is how much memory the body takes, at most.
func (b *body) costs(c *fiber.Ctx) int {
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationJSON) {
		return jsonCosts * b.expected()
	}
	return b.expected()
}

// read puts the whole body into the request.
func (b *body) read(c *fiber.Ctx, boundary string) (err error) {
	if boundary != "" {
		f, err := readForm(b, boundary, max(b.size, 0))
		if err == nil {
			_, err = io.Copy(io.Discard, b) // what follows the last part
		}
		if err != nil {
			return err
		}
		c.Locals(filesKey, f.files)
		c.Request().SetBodyRaw([]byte(f.values.Encode()))
		c.Request().Header.SetContentType(fiber.MIMEApplicationForm)
		return nil
	}
	var data []byte
	if b.size >= 0 {
		data = make([]byte, b.size)
		_, err = io.ReadFull(b, data)
	} else {
		data, err = io.ReadAll(b)
	}
	if err == nil {
		c.Request().SetBodyRaw(data)
	}
	return err
}

// Read reads on, while the sender keeps up his pace and has not sent too much.
func (b *body) Read(p []byte) (n int, err error) {
	if b.over {
		return 0, io.EOF
	}
	if !b.latest.IsZero() {
		stalled := time.Now().Add(readTimeout)
		if stalled.After(b.latest) {
			stalled = b.latest
		}
		if err := b.conn.SetReadDeadline(stalled); err != nil {
			return 0, err
		}
	}
	n, err = b.from.Read(p)
	b.got += n
	b.over = err == io.EOF
	if b.got > b.most {
		return n, b.tooLarge()
	}
	return n, err
}

func (b *body) tooLarge() error {
	return &session.Error{Code: session.TooLarge, Op: "server.takes", Message: "What you sent is too large: at most " + megabytes(b.most) + " are taken here."}
}

// megabytes is a limit in words.
func megabytes(n int) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// explain says what keeps a body from being read.
func (b *body) explain(err error) error {
	var known *session.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fiber.NewError(fiber.StatusRequestTimeout, "What you sent came too slowly. Send it again.")
	case b.size >= 0 && b.got == b.size: // it is all there, and no form
		return &session.Error{Code: session.Invalid, Op: "server.takes", Message: "The multipart body cannot be read: " + err.Error() + ".", Err: err}
	}
	return &session.Error{Code: session.Invalid, Op: "server.takes", Message: "What you sent broke off. Send it again.", Err: err}
}

// receivingKey is how long the body took to come in, which is no work of ours.
const receivingKey = "receiving"

// leaveBody sees to it that the next request of the connection does not begin with a body that nobody read. A
// client that is still sending is listened to for a moment: else it would never look at the answer.
func leaveBody(c *fiber.Ctx) {
	stream := c.Context().RequestBodyStream()
	if stream == nil || c.Request().Header.ContentLength() == 0 {
		return
	}
	b := &body{from: io.LimitReader(stream, strayBytes), conn: c.Context().Conn()}
	for until, buffer := time.Now().Add(strayTime), make([]byte, 16<<10); time.Now().Before(until); {
		if b.conn.SetReadDeadline(time.Now().Add(strayStall)) != nil {
			break
		}
		n, err := b.from.Read(buffer)
		if b.got += n; err == io.EOF && b.got < strayBytes {
			return
		}
		if err != nil {
			break
		}
	}
	c.Context().SetConnectionClose()
}
