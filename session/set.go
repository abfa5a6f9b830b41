package session

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"slices"
	"strings"
)

// SetPart is the name under which a file belongs to the OFAC CSV set, or "".
func SetPart(file string) string {
	switch name := strings.TrimSuffix(strings.ToLower(file), ".gz"); name {
	case "sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv":
		return name
	}
	return ""
}

// PackSet makes one archive of the files of a set, the same bytes for the same files, so that one
// SHA-256 stands for all of them. Files may be gzipped.
func PackSet(files map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		var content io.Reader = bytes.NewReader(files[name])
		if bytes.HasPrefix(files[name], []byte{0x1f, 0x8b}) {
			unzipped, err := gzip.NewReader(content)
			if err != nil {
				return nil, err
			}
			content = unzipped
		}
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(w, content); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return out.Bytes(), err
}
