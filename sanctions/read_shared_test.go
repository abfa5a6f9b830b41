package sanctions

import (
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// openShared opens a file of the shared data, which is real and so stays out of the project.
func openShared(tb testing.TB, name string) io.Reader {
	tb.Helper()
	dir := os.Getenv("DOSSIER_SHARED_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "lists", name))
	if err != nil {
		tb.Skipf("the shared data is not here: %v", err)
	}
	tb.Cleanup(func() { f.Close() })
	return f
}

// sharedLists keeps what was read, for the tests that follow; nobody changes it.
var sharedLists sync.Map

// readShared reads a real list.
func readShared(tb testing.TB, name string) List {
	tb.Helper()
	if list, ok := sharedLists.Load(name); ok {
		return list.(List)
	}
	list, err := Read(openShared(tb, name), ReadOptions{Name: name})
	if err != nil {
		tb.Fatal(err)
	}
	sharedLists.Store(name, list)
	return list
}

// readSharedSet reads the real OFAC CSV set.
func readSharedSet(tb testing.TB) List {
	tb.Helper()
	parts := map[string]io.Reader{}
	for _, name := range []string{"sdn", "alt", "add", "sdn_comments"} {
		parts[name+".csv.gz"] = openShared(tb, "ofac-sdn-csv-2021-mid/"+name+".csv.gz")
	}
	list, err := ReadSet(parts, ReadOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

// byID finds an entry, for tests of single traps.
func byID(tb testing.TB, list List, id string) Entry {
	tb.Helper()
	for _, e := range list.Records {
		if e.ID == id {
			return e
		}
	}
	tb.Fatalf("%s has no entry %s", list.ID, id)
	return Entry{}
}
