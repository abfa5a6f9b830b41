package sanctions

import (
	"bytes"
	"path/filepath"
	"testing"
)

// fuzzRead holds what every reader promises: no panic, nothing returned with an error, and a list of
// whole entries that reads the same again.
func fuzzRead(t *testing.T, data []byte) {
	if len(data) > 1<<20 {
		return
	}
	list, err := Read(bytes.NewReader(data), ReadOptions{MaxBytes: 8 << 20})
	if err != nil {
		if list.Records != nil || list.Problems != nil || list.ID != "" {
			t.Fatalf("a list is returned with the error %v", err)
		}
		return
	}
	ids := map[string]bool{}
	for _, e := range list.Records {
		if e.ID == "" || ids[e.ID] || e.List != list.ID || len(e.Names) == 0 || e.Names[0].Kind != Primary || e.Type == "" || e.Topic == "" {
			t.Fatalf("not a whole entry: %+v", e)
		}
		ids[e.ID] = true
		for _, n := range e.Names {
			if n.Full == "" || tidy(n.Full) != n.Full {
				t.Fatalf("not a tidy name: %+v", n)
			}
		}
		for _, b := range e.Births {
			if b.IsZero() || b.To.before(b.From) {
				t.Fatalf("not a span: %+v", b)
			}
		}
	}
	if list.Entries != len(list.Records) || list.Entries == 0 || list.Format == "" {
		t.Fatalf("%d entries in %+v", len(list.Records), list.ListInfo)
	}
	again, err := Read(bytes.NewReader(data), ReadOptions{MaxBytes: 8 << 20})
	if err != nil || render(again) != render(list) {
		t.Fatal("the same bytes give another list")
	}
}

// fuzzFormat starts from the fixtures of one format; the content keeps choosing that reader as long as
// the beginning of the file does.
func fuzzFormat(f *testing.F, names ...string) {
	for _, name := range names {
		f.Add(readFixture(f, name))
	}
	f.Fuzz(fuzzRead)
}

func FuzzRead(f *testing.F) {
	for _, file := range fixtures(f) {
		data := readFixture(f, filepath.Base(file))
		f.Add(data)
		f.Add(gzipped(f, data))
	}
	f.Add(zipped(f, map[string][]byte{"custom.csv": readFixture(f, "custom.csv")}))
	f.Fuzz(fuzzRead)
}

func FuzzReadUN(f *testing.F)            { fuzzFormat(f, "un.xml") }
func FuzzReadOFACXML(f *testing.F)       { fuzzFormat(f, "ofac-sdn.xml", "ofac-consolidated.xml") }
func FuzzReadOFACAdvanced(f *testing.F)  { fuzzFormat(f, "ofac-advanced.xml") }
func FuzzReadOFACEnhanced(f *testing.F)  { fuzzFormat(f, "ofac-enhanced.xml") }
func FuzzReadOFACCSV(f *testing.F)       { fuzzFormat(f, "ofac-joined.csv", "ofac-set/sdn.csv") }
func FuzzReadEU(f *testing.F)            { fuzzFormat(f, "eu.xml") }
func FuzzReadEUCSV(f *testing.F)         { fuzzFormat(f, "eu.csv") }
func FuzzReadUK(f *testing.F)            { fuzzFormat(f, "uk.xml") }
func FuzzReadUKCSV(f *testing.F)         { fuzzFormat(f, "uk.csv", "uk-conlist.csv", "uk-conlist-36.csv") }
func FuzzReadSECO(f *testing.F)          { fuzzFormat(f, "seco.xml") }
func FuzzReadSEMA(f *testing.F)          { fuzzFormat(f, "sema.xml") }
func FuzzReadOpenSanctions(f *testing.F) { fuzzFormat(f, "opensanctions.csv") }
func FuzzReadFTM(f *testing.F)           { fuzzFormat(f, "ftm.jsonl") }
func FuzzReadSenzing(f *testing.F)       { fuzzFormat(f, "senzing.jsonl") }
func FuzzReadCustom(f *testing.F)        { fuzzFormat(f, "custom.csv") }
