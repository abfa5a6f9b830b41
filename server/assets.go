package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"dossier/static"
)

// An asset is a file that browsers load beside the pages, ready to be sent.
type asset struct {
	data, zipped []byte // zipped is nil where it saves nothing
	contentType  string
	sum          string // stands in its URL, so that browsers may keep it for ever
}

func loadAssets() (map[string]asset, error) {
	all := map[string]asset{}
	err := fs.WalkDir(static.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := static.FS.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		all[name] = asset{data: data, zipped: zipped(data), contentType: contentType(name), sum: hex.EncodeToString(sum[:6])}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("server: read the assets: %w", err)
	}
	return all, nil
}

func contentType(name string) string {
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return fiber.MIMEOctetStream
}

func zipped(data []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is one that there is
	w.Write(data)                                           // a buffer takes everything
	w.Close()
	if out.Len() >= len(data) {
		return nil
	}
	return out.Bytes()
}

// asset is the address of a static file with its checksum, for templates.
func (s *Server) asset(name string) (string, error) {
	a, ok := s.assets[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return s.base + "/static/" + name + "?v=" + a.sum, nil
}

// serveAsset answers GET /static/*.
func (s *Server) serveAsset(c *fiber.Ctx) error {
	a, ok := s.assets[c.Params("*")]
	if !ok {
		return fiber.ErrNotFound
	}
	tag := `"` + a.sum + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "public, no-cache")
	if c.Query("v") == a.sum {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	if strings.Contains(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, a.contentType)
	if a.zipped != nil && c.AcceptsEncodings("gzip") == "gzip" {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(a.zipped)
	}
	return c.Send(a.data)
}

// healthy answers GET /healthz: the process answers.
func (s *Server) healthy(c *fiber.Ctx) error { return c.SendString("ok\n") }

// ready answers GET /readyz: the parts that requests need are there.
func (s *Server) ready(c *fiber.Ctx) error {
	if err := s.o.Ready(c.UserContext()); err != nil {
		s.o.Log.Warn("not ready", "err", err)
		return c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
	}
	return c.SendString("ready\n")
}
