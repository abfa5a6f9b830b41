package cli

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"dossier/report"
	"dossier/session"
)

type exportCmd struct {
	storeSettings
	Format string `help:"ndjson (everything) or csv (a table)." enum:"ndjson,csv" default:"ndjson"`
	Out    string `help:"File to write, which is replaced when all is written; - is the standard output." default:"-" short:"o" placeholder:"FILE"`
	Photos string `help:"Write the photos too, each session's in a folder of its own below DIR." placeholder:"DIR" type:"path"`
}

// Run writes all sessions, oldest first.
func (c *exportCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		e := exporter{exportCmd: c, service: a.sessions, told: env.Stderr}
		err := env.writeOut(c.Out, func(w io.Writer) error { return e.write(ctx, w) })
		noted := a.sessions.Record(ctx, session.System, session.ActExport, "", "", map[string]string{"format": c.Format}) // a part was taken out, too
		return cmp.Or(err, noted, e.gap())
	})
}

// An exporter leaves out what is damaged, says so, and goes on: whoever exports a damaged database wants
// what is left of it.
type exporter struct {
	*exportCmd
	service *session.Service
	told    io.Writer
	left    int // sessions and photos
}

func (e *exporter) write(ctx context.Context, to io.Writer) error {
	out := bufio.NewWriter(to)
	var err error
	if e.Format == "csv" {
		err = report.CSV(out, e.sessions(ctx), report.CSVOptions{Personal: true})
	} else {
		err = writeLines(out, e.sessions(ctx))
	}
	flushed := out.Flush() // what came before an error, too
	return cmp.Or(err, flushed)
}

func writeLines(out io.Writer, sessions iter.Seq2[session.Session, error]) error {
	encoder := json.NewEncoder(out)
	for got, err := range sessions {
		if err != nil {
			return err
		}
		if err := encoder.Encode(got); err != nil {
			return err
		}
	}
	return nil
}

// sessions yields those that can be read, with their photos written where they are asked for.
func (e *exporter) sessions(ctx context.Context) iter.Seq2[session.Session, error] {
	return func(yield func(session.Session, error) bool) {
		for got, err := range e.service.Each(ctx, session.System) {
			if err != nil && got.ID != "" && session.CodeOf(err) == session.Internal {
				e.leaveOut(err, "session %s", got.ID)
				continue
			}
			if err == nil && e.Photos != "" {
				err = e.writePhotos(ctx, got)
			}
			if !yield(got, err) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(session.Session{}, err)
		}
	}
}

func (e *exporter) writePhotos(ctx context.Context, got session.Session) error {
	dir := filepath.Join(e.Photos, string(got.ID))
	for i, p := range got.Photos {
		name := fmt.Sprintf("%02d-%s-%d.%s", i+1, p.Kind, p.Attempt, strings.TrimPrefix(p.ContentType, "image/"))
		data, _, err := e.service.Photo(ctx, session.System, got.ID, p.SHA256, 0)
		switch code := session.CodeOf(err); {
		case ctx.Err() != nil:
			return ctx.Err()
		case code == session.Internal || code == session.NotFound:
			e.leaveOut(err, "session %s, photo %s", got.ID, name)
			continue
		case err != nil:
			return fmt.Errorf("session %s, %s: %w", got.ID, p.Kind, err)
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) leaveOut(err error, format string, args ...any) {
	e.left++
	fmt.Fprintf(e.told, "dossier: "+format+": left out: %s\n", append(args, tell(err))...)
}

// gap is the error of an export that is not whole.
func (e *exporter) gap() error {
	if e.left == 0 {
		return nil
	}
	return fmt.Errorf("%d sessions or photos, named above, are damaged and left out; all else is written. Restore them from a backup, see dossier doctor", e.left)
}
