package server

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// Limits of a form with files, beside those of its body.
const (
	maxParts   = 500
	maxFormAll = jsonLimit // bytes of all fields that are no files
)

// A file is one that came with a form.
type file struct {
	field, name string
	data        []byte
}

// A filesForm is a form with files.
type filesForm struct {
	values url.Values
	files  []file
}

const filesKey = "files"

// filesOf are the files that came with a form; ok is that it was one that may have some.
func filesOf(c *fiber.Ctx) (files []file, ok bool) {
	files, ok = c.Locals(filesKey).([]file)
	return files, ok
}

// fileOf is the file of a field of a form; one that is empty or was not chosen is not there.
func fileOf(c *fiber.Ctx, field string) (f file, ok bool) {
	files, _ := filesOf(c)
	for _, f := range files {
		if f.field == field && len(f.data) > 0 {
			return f, true
		}
	}
	return file{}, false
}

// readForm reads a form of size bytes, or of 0 where that is not known. Its files share one piece of
// memory of that size, so that each is held once.
func readForm(r io.Reader, boundary string, size int) (filesForm, error) {
	f := filesForm{values: url.Values{}, files: []file{}}
	all, fields := make([]byte, 0, size+bytes.MinRead), 0 // with the room that a buffer wants before it looks for the end
	parts := multipart.NewReader(r, boundary)
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, err
		}
		if n == maxParts {
			return f, &session.Error{Code: session.TooLarge, Op: "server.readForm", Message: "The form has too many parts."}
		}
		start := len(all)
		if all, err = appendAll(all, part); err != nil {
			return f, err
		}
		data := all[start:len(all):len(all)]
		if part.FileName() != "" {
			f.files = append(f.files, file{part.FormName(), part.FileName(), data})
			continue
		}
		if fields += len(data); fields > maxFormAll {
			return f, &session.Error{Code: session.TooLarge, Op: "server.readForm", Message: "The fields of the form are too long: at most " + megabytes(maxFormAll) + " are taken."}
		}
		f.values.Add(part.FormName(), string(data))
	}
}

// appendAll is append with all that r gives.
func appendAll(to []byte, r io.Reader) ([]byte, error) {
	b := bytes.NewBuffer(to)
	_, err := b.ReadFrom(r)
	return b.Bytes(), err
}
