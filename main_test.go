package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// may says what each package imports of ours, and which libraries it owns: no other package may import
// those. A new line, or a longer one, is a design decision; docs/architecture.md tells the reasons.
var may = map[string]struct{ ours, owned string }{
	".":                 {ours: "cli"},
	"cli":               {ours: "demo fetch geo index kv mrz photo report sanctions server session staff", owned: "github.com/alecthomas/kong github.com/robfig/cron github.com/pelletier/go-toml github.com/schollz/progressbar filippo.io/age"},
	"demo":              {ours: "demo/specimen mrz session"},
	"demo/fonts":        {},
	"demo/specimen":     {ours: "demo/fonts"},
	"e2e":               {ours: "cli demo index kv server session staff"},
	"fetch":             {ours: "session", owned: "github.com/hashicorp/go-retryablehttp"},
	"geo":               {owned: "github.com/oschwald/maxminddb-golang"},
	"index":             {ours: "session", owned: "github.com/blevesearch github.com/RoaringBitmap"},
	"kv":                {ours: "session sanctions staff", owned: "github.com/dgraph-io/badger"},
	"mrz":               {},
	"photo":             {owned: "github.com/kovidgoyal/imaging github.com/esimov/pigo"},
	"report":            {ours: "session", owned: "github.com/signintech/gopdf github.com/skip2/go-qrcode"},
	"sanctions":         {},
	"server":            {ours: "report session staff static templates", owned: "github.com/gofiber github.com/danielgtaylor/huma github.com/prometheus/client_golang"},
	"session/storetest": {ours: "mrz sanctions session"},
	"session":           {ours: "mrz photo sanctions", owned: "github.com/mileusna/useragent"},
	"staff":             {owned: "github.com/pquerna/otp github.com/go-webauthn/webauthn"},
	"static":            {},
	"templates":         {},
}

// TestImports holds the dependency rule over everything but tests, which may put any parts together.
func TestImports(t *testing.T) {
	for dir, imports := range packages(t) {
		rule, known := may[dir]
		if !known {
			t.Errorf("package %s is not in the table: say what it may import", dir)
			continue
		}
		for _, path := range imports {
			if ours, ok := strings.CutPrefix(path, "dossier/"); ok && !slices.Contains(strings.Fields(rule.ours), ours) {
				t.Errorf("%s imports %s: arrows point inward", dir, path)
			}
			if owner := ownerOf(path); owner != "" && owner != dir {
				t.Errorf("%s imports %s, which belongs to %s", dir, path, owner)
			}
		}
	}
}

func ownerOf(path string) string {
	for dir, rule := range may {
		for _, library := range strings.Fields(rule.owned) {
			if path == library || strings.HasPrefix(path, library+"/") {
				return dir
			}
		}
	}
	return ""
}

// packages returns what the Go files of each folder import.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[dir] = append(found[dir], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d packages were read", len(found))
	}
	return found
}
