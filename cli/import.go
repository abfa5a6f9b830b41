package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"dossier/photo"
	"dossier/session"
)

// Limits of an import.
const (
	maxImportLine = 4 << 20 // bytes
	importWorkers = 512     // that share the store's group commit: as many as one takes
	bulkImport    = 2 << 20 // bytes of files, some 1,500 sessions: for less, getting ready for a bulk takes longer than it saves
	photoWorkers  = 32      // of them have photos in memory
)

type importCmd struct {
	storeSettings
	Path    string `arg:"" help:"A file of one JSON session a line, or a folder of such files (*.ndjson, *.ndjson.gz), or - for the standard input; what is gzip is unpacked. A line is what the API takes, and its photos: {\"photos\":[{\"kind\":\"selfie\",\"path\":\"a.jpg\"}]}, with paths from the file's folder. Run again within 30 days, it takes in only what is missing: the same line of a file of the same name for the same company is taken once, packed or not." type:"path"`
	Company string `help:"Company of the sessions that do not name one." placeholder:"SLUG"`
}

// An importLine is a submission, and where its photos are.
type importLine struct {
	session.Submission
	Finish *bool         `json:"finish"` // true unless the line says otherwise: an import brings what is done
	Photos []importPhoto `json:"photos"`
}

type importPhoto struct {
	Kind    session.PhotoKind `json:"kind"`
	Path    string            `json:"path"` // relative to the file's folder
	Attempt int               `json:"attempt"`
	TakenAt time.Time         `json:"taken_at"`
}

// An importTally is what an import prints in the end.
type importTally struct {
	Imported int `json:"imported"`
	Rejected int `json:"rejected"`
	Skipped  int `json:"skipped,omitempty"` // taken in by an earlier run
}

// Run imports every file. A line that is refused goes to FILE.rejected with the reason; running the
// same import again takes in only what is missing.
func (c *importCmd) Run(env *Env) error {
	RunAhead()
	workHard()
	files, err := c.files()
	if err != nil {
		return err
	}
	open := c.with
	if large(files) {
		open = c.withBulk
	}
	var total importTally
	begun := false
	err = open(env, func(ctx context.Context, a *appliance) error {
		company, err := a.needCompany(ctx, c.Company)
		if err != nil && c.Company != "" {
			return err
		}
		begun = true
		for _, file := range files {
			t, err := c.importFile(ctx, env, a, file, company.Slug)
			total.Imported += t.Imported
			total.Rejected += t.Rejected
			total.Skipped += t.Skipped
			if err != nil {
				return fmt.Errorf("%s: %w", filepath.Base(file), err)
			}
		}
		return nil
	})
	if !begun {
		return err
	}
	return errors.Join(err, json.NewEncoder(env.Stdout).Encode(total))
}

// large reports whether files are worth a bulk. One whose size is not known, a pipe, counts as large.
func large(files []string) bool {
	total := int64(0)
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return true
		}
		total += info.Size()
	}
	return total >= bulkImport
}

func (c *importCmd) files() ([]string, error) {
	if c.Path == standardInput {
		return []string{c.Path}, nil
	}
	info, err := os.Stat(c.Path)
	if err != nil || !info.IsDir() {
		return []string{c.Path}, err
	}
	files, err := filepath.Glob(filepath.Join(c.Path, "*.ndjson"))
	if err != nil {
		return nil, err
	}
	packed, err := filepath.Glob(filepath.Join(c.Path, "*.ndjson.gz"))
	if files = append(files, packed...); err == nil && len(files) == 0 {
		err = fmt.Errorf("%s holds no *.ndjson or *.ndjson.gz file", c.Path)
	}
	return files, err
}

// importFile imports one file. Lines that name no company are of the usual one, if there is one.
func (c *importCmd) importFile(ctx context.Context, env *Env, a *appliance, path, usual string) (importTally, error) {
	from, err := openSource(env, path)
	if err != nil {
		return importTally{}, err
	}
	defer from.close()
	beside, err := os.OpenRoot(from.folder)
	if err != nil {
		return importTally{}, err
	}
	defer beside.Close()
	bar := newBar(env.Stderr, from.size, from.name)
	defer bar.Finish()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	text, err := plainText(ctx, io.TeeReader(from.raw, bar))
	if err != nil {
		return importTally{}, err
	}
	in := &fileImport{app: a, name: from.name, usual: usual, beside: beside, began: time.Now(), rejected: &rejects{path: from.reject},
		turns: newTurns(), seen: map[[32]byte]int{}, photos: make(chan struct{}, photoWorkers)}
	err = errors.Join(in.all(ctx, text), in.rejected.close())
	return in.tally, err
}

// A fileImport is the import of one file under way.
type fileImport struct {
	app      *appliance
	name     string
	usual    string // that of a line which names none
	beside   *os.Root
	began    time.Time
	rejected *rejects
	turns    *turns
	seen     map[[32]byte]int // how often a line stood before, so that twins are two sessions
	photos   chan struct{}    // places for lines with photos

	mu    sync.Mutex
	tally importTally
}

// A numbered line is one of the file with its number, from 1.
type numberedLine struct {
	n       int
	turn    int // its number among those that are not empty, from 0
	text    []byte
	key     string
	problem error // for which it is refused unread
}

// all takes in every line. The workers live as long as the import, so that each grows its stack once.
func (in *fileImport) all(ctx context.Context, r io.Reader) error {
	group, working := errgroup.WithContext(ctx)
	lines := make(chan numberedLine)
	var unread error // what ended the reading: the lines before it are taken in all the same
	group.Go(func() error {
		defer close(lines)
		unread = in.read(working, r, lines)
		return nil
	})
	for range importWorkers {
		group.Go(func() error {
			for l := range lines {
				if err := in.one(working, l); err != nil {
					return err
				}
				in.turns.finish(l.turn)
			}
			return nil
		})
	}
	err := group.Wait()
	if ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	return errors.Join(err, unread)
}

// read hands the lines out that are not empty.
func (in *fileImport) read(ctx context.Context, r io.Reader, lines chan<- numberedLine) error {
	from := bufio.NewReaderSize(r, 64<<10)
	turn := 0
	for n := 1; ; n++ {
		l := numberedLine{n: n, turn: turn}
		var err error
		l.text, err = readLine(from, maxImportLine)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLongLine):
			l.problem = fmt.Errorf("the line is longer than %d MB", maxImportLine>>20)
		case err != nil:
			return fmt.Errorf("the file cannot be read on at line %d (%w): the lines before it are dealt with. Mend the file and import it again under the same name, which takes in only what is missing", n, err)
		}
		if n == 1 {
			l.text = bytes.TrimPrefix(l.text, []byte("\xef\xbb\xbf"))
		}
		if l.problem == nil && len(bytes.TrimSpace(l.text)) == 0 {
			continue
		}
		turn++
		l.key = in.key(l.text)
		select {
		case lines <- l:
		case <-ctx.Done():
			return nil // whoever stopped it says why
		}
	}
}

// key is the same for the same line in a later run of a file of the same name.
func (in *fileImport) key(line []byte) string {
	sum := sha256.Sum256(line)
	in.seen[sum]++
	whole := sha256.Sum256(fmt.Appendf(sum[:], "%s\x00%d", in.name, in.seen[sum]))
	return "import/" + hex.EncodeToString(whole[:])
}

// one takes in one line. It returns an error only where going on makes no sense.
func (in *fileImport) one(ctx context.Context, l numberedLine) error {
	if l.problem != nil {
		return in.reject(ctx, l, l.problem)
	}
	got, err := in.ingest(ctx, l.text, l.key)
	switch code := session.CodeOf(err); {
	case err == nil && got.CreatedAt.Before(in.began):
		in.count(func(t *importTally) { t.Skipped++ })
		return nil
	case err == nil:
		in.count(func(t *importTally) { t.Imported++ })
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case code == session.Internal || code == session.NoSpace || code == session.Unavailable:
		return fmt.Errorf("line %d: %s", l.n, tell(err)) // as text: of a [session.Error] only its message is told
	}
	return in.reject(ctx, l, err)
}

// reject writes a line down as refused, behind those before it.
func (in *fileImport) reject(ctx context.Context, l numberedLine, why error) error {
	select {
	case <-in.turns.of(l.turn):
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := in.rejected.add(l.n, l.text, why); err != nil {
		return fmt.Errorf("line %d is refused, and that cannot be written down: %w", l.n, err)
	}
	in.count(func(t *importTally) { t.Rejected++ })
	return nil
}

func (in *fileImport) count(do func(*importTally)) {
	in.mu.Lock()
	defer in.mu.Unlock()
	do(&in.tally)
}

func (in *fileImport) ingest(ctx context.Context, line []byte, key string) (session.Session, error) {
	var l importLine
	if err := session.Decode(line, &l); err != nil {
		return session.Session{}, err
	}
	intake := session.Intake{Submission: l.Submission}
	intake.Finish = l.Finish == nil || *l.Finish
	if intake.Company == "" {
		intake.Company = in.usual
	}
	intake.Key = key + "/" + intake.Company
	if len(l.Photos) == 0 {
		intake.Hash = key // is the line's
	} else {
		in.photos <- struct{}{}
		defer func() { <-in.photos }()
	}
	for i, p := range l.Photos {
		data, err := in.readPhoto(p.Path)
		if err != nil {
			return session.Session{}, session.Fields{fmt.Sprintf("photos[%d].path", i): err.Error()}.Err("cli.import")
		}
		intake.Photos = append(intake.Photos, session.PhotoData{Kind: p.Kind, Attempt: p.Attempt, Data: data, TakenAt: p.TakenAt})
	}
	return in.app.sessions.Ingest(ctx, session.System, intake)
}

// readPhoto reads a photo from the file's folder and never from outside it.
func (in *fileImport) readPhoto(path string) ([]byte, error) {
	name := filepath.FromSlash(path)
	if !filepath.IsLocal(name) {
		return nil, fmt.Errorf("%s is not inside the file's folder", path)
	}
	info, err := in.beside.Stat(name)
	if notExist(err) {
		return nil, fmt.Errorf("there is no file %s in the file's folder", path)
	}
	if err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	var data []byte
	if err == nil {
		data, err = readUpTo(in.beside, name, photo.MaxBytes+1)
	}
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err // what it adds, the folder, does not help
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (%w): look at its permissions, and whether it is a link to another folder", path, err)
	}
	return data, nil
}

func readUpTo(folder *os.Root, name string, limit int64) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}
