package sanctions

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// ReaderVersion names what the readers make of a file. It is kept with each list, beside the raw file;
// raise it when a reader changes what it gives.
const ReaderVersion = "1"

// The list ids of the publishers that we know.
const (
	OFACSDN          = "ofac_sdn"
	OFACConsolidated = "ofac_consolidated"
	UNSC             = "un_sc"
	EUFSF            = "eu_fsf"
	UKSanctions      = "uk_sanctions"
	CHSECO           = "ch_seco"
	CASEMA           = "ca_sema"
	OpenSanctions    = "opensanctions"
	Custom           = "custom"
)

// Base is the list whose rules an id follows: any number of data sets of OpenSanctions, and of lists of our
// own, stand side by side as opensanctions_NAME and custom_NAME. Another id is its own.
func Base(id string) string {
	base, name, several := strings.Cut(id, "_")
	if several && (base == OpenSanctions || base == Custom) && isSetName(name) {
		return base
	}
	return id
}

// isSetName reports whether a data set may be called so: as OpenSanctions does it.
func isSetName(name string) bool {
	return name != "" && len(name) <= 40 && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}

// ReadOptions say what the caller knows of a file.
type ReadOptions struct {
	ID       string // list id to give to the list; "" takes the one that the content tells. A file of another publisher is refused
	Name     string // file name, for error messages only
	MaxBytes int64  // most bytes after decompression; 0 means DefaultMaxBytes
}

// A FileError says why a whole file is refused.
type FileError struct {
	Name   string // file name, if the caller gave one
	Line   int    // 1-based, for formats of lines; 0 if unknown
	Offset int64  // bytes into the decompressed text, for XML
	Text   string // what is wrong and what to do
	Err    error  // the cause, if there is one beneath
}

func (e *FileError) Error() string {
	where := ""
	switch {
	case e.Line > 0:
		where = fmt.Sprintf("line %d: ", e.Line)
	case e.Offset > 0:
		where = fmt.Sprintf("byte %d: ", e.Offset)
	}
	if e.Name != "" {
		where = e.Name + ": " + where
	}
	return where + e.Text
}

func (e *FileError) Unwrap() error { return e.Err }

// Read reads one list, told by its content: gzip and zip are unwrapped, then the first bytes tell the
// format. The list id is o.ID, or what the format stands for; OFAC's formats serve two lists, so there
// the content decides: the lists or the programs that most entries are on. Our own CSV is "custom".
//
// A record that cannot be taken is a [Problem] of the list. A file that is truncated, empty, of no known
// format or too large is refused with a *[FileError], and then no list is returned.
func Read(r io.Reader, o ReadOptions) (List, error) {
	src, err := openSource(r, o)
	if err != nil {
		return List{}, named(err, o.Name)
	}
	defer src.Close()
	f, err := detect(src)
	if err != nil {
		return List{}, named(err, o.Name)
	}
	c := newCollector(f.list)
	c.list.Format = f.name
	if err := f.read(src, c); err != nil {
		return List{}, named(src.explain(err), o.Name)
	}
	if c.list.Content, err = src.content(); err != nil {
		return List{}, named(err, o.Name)
	}
	if publisher(o.ID) != "" && publisher(c.list.ID) != "" && publisher(o.ID) != publisher(c.list.ID) {
		return List{}, named(&FileError{Text: fmt.Sprintf("the file is the list %s, not %s", c.list.ID, o.ID)}, o.Name)
	}
	list, err := c.finish(o.ID)
	if err != nil {
		return List{}, named(err, o.Name)
	}
	return list, nil
}

// publisher is the government whose list an id is; "" for lists that may hold anything.
func publisher(id string) string {
	switch id {
	case OFACSDN, OFACConsolidated:
		return "ofac"
	case UNSC, EUFSF, UKSanctions, CHSECO, CASEMA:
		return id
	}
	return ""
}

// named puts the file's name into a *FileError and wraps any other error in one.
func named(err error, name string) error {
	var file *FileError
	if !errors.As(err, &file) {
		file = &FileError{Text: err.Error(), Err: err}
	}
	file.Name = name
	return file
}
