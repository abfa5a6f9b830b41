package cli

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// standardInput is the path that stands for it.
const standardInput = "-"

// A source is a file that is imported, or the standard input.
type source struct {
	raw    io.Reader
	size   int64  // -1 if that is not known
	name   string // packed and unpacked the same: lines are known by it in a later run
	folder string // of its photos
	reject string // the file of what is refused
	close  func() error
}

func openSource(env *Env, path string) (source, error) {
	if path == standardInput {
		return source{raw: env.Stdin, size: -1, name: standardInput, folder: ".", reject: "stdin.rejected", close: func() error { return nil }}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return source{}, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return source{}, err
	}
	return source{raw: f, size: info.Size(), name: strings.TrimSuffix(filepath.Base(path), ".gz"), folder: filepath.Dir(path),
		reject: path + ".rejected", close: f.Close}, nil
}

// plainText returns the text of r, unpacked where r is gzip. It ends with ctx, even when r does not.
func plainText(ctx context.Context, r io.Reader) (io.Reader, error) {
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	text := bufio.NewReader(out)
	switch start, err := text.Peek(2); {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case string(start) == "\x1f\x8b":
		return gzip.NewReader(text)
	case string(start) == "\xff\xfe" || string(start) == "\xfe\xff":
		return nil, errors.New("the file is UTF-16, and an import reads UTF-8: convert it with iconv -f UTF-16 -t UTF-8")
	}
	return text, nil
}
