package sanctions

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"strings"
)

// DefaultMaxBytes is the most that a list may hold after decompression. The largest list in use, OFAC's
// Advanced XML, has about 120 MB.
const DefaultMaxBytes = 512 << 20

const (
	maxZip    = 128 << 20 // a zip must be held whole, because its table of contents is at the end
	maxRatio  = 200       // decompressed to compressed; lists reach 15 to 40
	ratioFrom = 16 << 20  // small files may be more repetitive than that
	maxWraps  = 2         // a gzip in a zip is seen, deeper nesting only in attacks
	// maxRecord is the most that one record, token or line may take. The largest records in real lists,
	// SECO targets with their history, stay under 1 MB.
	maxRecord = 4 << 20
)

// A source is the plain text of a list file. It refuses to give more than it may, in all and for a
// single record.
type source struct {
	*bufio.Reader
	closers []io.Closer
	packed  *countingReader // what came in
	plain   *meter          // what comes out
}

// A countingReader counts what passes.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// A meter counts the plain bytes and stops at the limits.
type meter struct {
	r      io.Reader
	packed *countingReader
	n      int64 // bytes given
	max    int64
	record int64 // n at the start of the record under way
	sum    hash.Hash
	last   byte // the byte given last
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.n += int64(n)
	m.sum.Write(p[:n])
	if n > 0 {
		m.last = p[n-1]
	}
	switch {
	case m.n > m.max:
		return 0, &FileError{Text: fmt.Sprintf("the file holds more than %d MB; raise the limit if it is genuine", m.max>>20)}
	case m.n > ratioFrom && m.n > maxRatio*m.packed.n:
		return 0, &FileError{Text: fmt.Sprintf("the file unpacks to more than %d times its size; it is no list", maxRatio)}
	case m.n-m.record > maxRecord+1<<17:
		return 0, &FileError{Offset: m.record, Text: fmt.Sprintf("a record is longer than %d MB", maxRecord>>20)}
	}
	return n, err
}

// nextRecord gives the next record its full allowance.
func (s *source) nextRecord() { s.plain.record = s.plain.n }

// content reads what is left of the file, and gives the SHA-256 of all of it.
func (s *source) content() (string, error) {
	for {
		s.nextRecord()
		if n, err := s.Discard(1 << 16); err == io.EOF {
			return hex.EncodeToString(s.plain.sum.Sum(nil)), nil
		} else if err != nil || n == 0 {
			return "", s.explain(err)
		}
	}
}

// openSource unwraps gzip and zip and drops a byte-order mark.
func openSource(r io.Reader, o ReadOptions) (*source, error) {
	limit := o.MaxBytes
	if limit <= 0 {
		limit = DefaultMaxBytes
	}
	s := &source{packed: &countingReader{r: r}}
	var text io.Reader = s.packed
	for range maxWraps {
		inner, err := s.unwrap(text, limit)
		if err != nil {
			s.Close()
			return nil, err
		}
		text = inner
	}
	s.plain = &meter{r: text, packed: s.packed, max: limit, sum: sha256.New()}
	s.Reader = bufio.NewReaderSize(s.plain, 1<<16)
	if mark, _ := s.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = s.Discard(3)
	}
	return s, nil
}

// unwrap takes one layer of compression off, where there is one.
func (s *source) unwrap(r io.Reader, limit int64) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	magic, _ := br.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		gz, err := gzip.NewReader(br)
		if err != nil {
			return nil, &FileError{Text: "the gzip file is broken: " + err.Error(), Err: err}
		}
		s.closers = append(s.closers, gz)
		return gz, nil
	case string(magic) == "PK\x03\x04":
		return s.unzip(br, min(limit, maxZip))
	}
	return br, nil
}

// unzip opens the one list in a zip file.
func (s *source) unzip(r io.Reader, limit int64) (io.Reader, error) {
	packed, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, s.explain(err)
	}
	if int64(len(packed)) > limit {
		return nil, &FileError{Text: fmt.Sprintf("the zip file is larger than %d MB", limit>>20)}
	}
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, &FileError{Text: "the zip file is truncated or broken: " + err.Error(), Err: err}
	}
	var lists []*zip.File
	for _, f := range archive.File {
		if !f.FileInfo().IsDir() && !strings.HasPrefix(path.Base(f.Name), ".") && !strings.HasPrefix(f.Name, "__MACOSX/") {
			lists = append(lists, f)
		}
	}
	if len(lists) != 1 {
		return nil, &FileError{Text: fmt.Sprintf("the zip file holds %d files, want one list", len(lists))}
	}
	inner, err := lists[0].Open()
	if err != nil {
		return nil, &FileError{Text: "the zip file cannot be unpacked: " + err.Error(), Err: err}
	}
	s.closers = append(s.closers, inner)
	return inner, nil
}

// Close frees the decompressors; the reader beneath is the caller's.
func (s *source) Close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// explain turns a low-level failure into a *FileError that says what to do.
func (s *source) explain(err error) *FileError {
	var file *FileError
	switch {
	case errors.As(err, &file):
		return file
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &FileError{Text: "the file is truncated; fetch it again", Err: err}
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zip.ErrChecksum):
		return &FileError{Text: "the compressed file is damaged; fetch it again", Err: err}
	}
	return &FileError{Text: err.Error(), Err: err}
}
