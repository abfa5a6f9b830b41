package sanctions

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func readFixture(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "read", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func gzipped(tb testing.TB, data []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func zipped(tb testing.TB, files map[string][]byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// TestReadUnwraps: a compressed list is the same list.
func TestReadUnwraps(t *testing.T) {
	plain := readFixture(t, "un.xml")
	want, err := Read(bytes.NewReader(plain), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, packed := range map[string][]byte{
		"gzip":        gzipped(t, plain),
		"zip":         zipped(t, map[string][]byte{"un.xml": plain, "__MACOSX/._un.xml": {0}}),
		"gzip in zip": zipped(t, map[string][]byte{"un.xml.gz": gzipped(t, plain)}),
		"with mark":   append([]byte("\xef\xbb\xbf"), plain...),
	} {
		got, err := Read(iotest.OneByteReader(bytes.NewReader(packed)), ReadOptions{})
		if err != nil || render(got) != render(want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReadID: the caller's id goes before the one that the content tells.
func TestReadID(t *testing.T) {
	list, err := Read(bytes.NewReader(readFixture(t, "custom.csv")), ReadOptions{ID: "house"})
	if err != nil || list.ID != "house" || list.Records[0].List != "house" {
		t.Errorf("%v, %q, %q", err, list.ID, list.Records[0].List)
	}
}

// TestReadOther: a file of another publisher is not taken for the list that was asked for.
func TestReadOther(t *testing.T) {
	tests := []struct {
		file, id string
		ok       bool
	}{
		{"un.xml", EUFSF, false}, {"uk.csv", OFACSDN, false}, {"un.xml", UNSC, true},
		{"ofac-sdn.xml", OFACConsolidated, true}, {"custom.csv", UNSC, true}, {"ftm.jsonl", "peps", true},
	}
	for _, test := range tests {
		list, err := Read(bytes.NewReader(readFixture(t, test.file)), ReadOptions{ID: test.id})
		if (err == nil) != test.ok || test.ok && list.ID != test.id {
			t.Errorf("%s as %s: %v", test.file, test.id, err)
		}
	}
}

// TestReadTruncatedXML: an XML list that stops anywhere before its end is refused.
func TestReadTruncatedXML(t *testing.T) {
	for _, file := range fixtures(t) {
		if filepath.Ext(file) != ".xml" {
			continue
		}
		data := bytes.TrimSpace(readFixture(t, filepath.Base(file)))
		for cut := 1; cut < len(data); cut += 1 + len(data)/97 {
			list, err := Read(bytes.NewReader(data[:cut]), ReadOptions{})
			if err == nil || list.Records != nil {
				t.Errorf("%s cut at %d of %d is taken", file, cut, len(data))
			}
		}
	}
}

// TestReadTruncatedLines: a list of lines that stops inside a line is refused, unless what is left of
// the line is whole by itself.
func TestReadTruncatedLines(t *testing.T) {
	for file, ends := range map[string][]string{
		"ftm.jsonl":         {`"Acme Bank"],"registr`, `"schema":"Pers`},
		"senzing.jsonl":     {`"RECORD_TYPE":"ORG`},
		"opensanctions.csv": {`on two li`, `"US Congr`, `"NK-4","Pers`},
		"custom.csv":        {`C-2,company,"Sham, In`, `C-3,,No Ty`},
		"eu.csv":            {`Minister; of ""tes`},
		"uk.csv":            {`UTO0002,,,Boa`},
		"uk-conlist.csv":    {`OLDNAME,Zorba ,,`},
		"ofac-joined.csv":   {`402,"HALVES, Bo`, `402,"HALVES, Bo Th",individual,"SDGT",-0- ,-0-`},
	} {
		data := readFixture(t, file)
		for _, end := range ends {
			at := bytes.Index(data, []byte(end))
			if at < 0 {
				t.Fatalf("%s has no %q", file, end)
			}
			_, err := Read(bytes.NewReader(data[:at+len(end)]), ReadOptions{})
			if err == nil || !strings.Contains(err.Error(), "truncated") {
				t.Errorf("%s cut behind %q: %v", file, end, err)
			}
		}
	}
}

// TestReadRefuses: what is no list is refused, with a message that says what to do.
func TestReadRefuses(t *testing.T) {
	un := readFixture(t, "un.xml")
	damaged := gzipped(t, un)
	damaged[len(damaged)-6] ^= 0xff
	tests := []struct {
		name string
		data string
		want string
	}{
		{"nothing", "", "empty"},
		{"blanks", " \n ", "no list that we know"},
		{"web page", "<!DOCTYPE html>\n<html><body>Not found</body></html>", "web page"},
		{"other XML", "<feed></feed>", "<feed>"},
		{"prose", "Dear Sir,\n", "no list that we know"},
		{"UTF-16", "\xff\xfe<\x00", "UTF-16"},
		{"no entries", "<sdnList><publshInformation/></sdnList>", "empty"},
		{"entries without content", "<CONSOLIDATED_LIST><INDIVIDUAL/></CONSOLIDATED_LIST>", "empty"},
		{"only a header", "id,type,name\n", "empty"},
		{"report date alone", "Report Date: 13-Feb-2026", "truncated"},
		{"no header", "Report Date: 13-Feb-2026\n1,2,3\n", "lacks the column"},
		{"broken XML", "<sdnList><sdnEntry></sdnList>", "broken"},
		{"unknown encoding", `<?xml version="1.0" encoding="EBCDIC"?><sdnList/>`, "encoding"},
		{"own entities", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><sdnList><sdnEntry><uid>1</uid><lastName>&a;</lastName></sdnEntry></sdnList>`, "broken"},
		{"too deep", "<sdnList>" + strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100) + "</sdnList>", "nested"},
		{"truncated gzip", string(gzipped(t, un)[:400]), "truncated"},
		{"damaged gzip", string(damaged), "damaged"},
		{"truncated zip", string(zipped(t, map[string][]byte{"un.xml": un})[:400]), "zip"},
		{"two lists in a zip", string(zipped(t, map[string][]byte{"a.xml": un, "b.xml": un})), "2 files"},
		{"a huge value", "<sdnList><sdnEntry><uid>1</uid><lastName>" + strings.Repeat("A", 6<<20) + "</lastName></sdnEntry></sdnList>", "longer than 4 MB"},
		{"a huge cell", "id,type,name\n1,person,\"" + strings.Repeat("A", 6<<20) + "\"\n", "longer than 4 MB"},
		{"a huge line", `{"schema":"Person","properties":{},"id":"` + strings.Repeat("A", 6<<20) + "\"}\n", "longer than 4 MB"},
		{"mostly bad rows", "id,type,name\n1,person,A\n" + strings.Repeat(",person,B\n", 30), "cannot be read"},
	}
	for _, test := range tests {
		list, err := Read(strings.NewReader(test.data), ReadOptions{Name: "some.list"})
		var file *FileError
		if !errors.As(err, &file) || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "some.list: ") {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
		if list.Records != nil || list.Problems != nil {
			t.Errorf("%s: a list is returned with the error", test.name)
		}
	}
}

// TestReadBounds: a file that unpacks to more than it may is refused before it is held.
func TestReadBounds(t *testing.T) {
	bomb := gzipped(t, append([]byte("<sdnList>"), bytes.Repeat([]byte("<a></a>"), 6<<20)...))
	if _, err := Read(bytes.NewReader(bomb), ReadOptions{}); err == nil || !strings.Contains(err.Error(), "times its size") {
		t.Errorf("bomb of %d bytes: %v", len(bomb), err)
	}
	if _, err := Read(bytes.NewReader(readFixture(t, "un.xml")), ReadOptions{MaxBytes: 1000}); err == nil || !strings.Contains(err.Error(), "more than 0 MB") {
		t.Errorf("limit: %v", err)
	}
}

// TestReadFailing: the error of the caller's reader is kept.
func TestReadFailing(t *testing.T) {
	lost := errors.New("connection lost")
	for _, file := range []string{"un.xml", "custom.csv", "ftm.jsonl"} {
		data := readFixture(t, file)
		for _, n := range []int{0, 100, len(data) - 20} {
			_, err := Read(io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(lost)), ReadOptions{})
			if !errors.Is(err, lost) {
				t.Errorf("%s after %d bytes: %v", file, n, err)
			}
		}
	}
}

// TestReadBadRow: one bad row is a problem, and the rows around it are read.
func TestReadBadRow(t *testing.T) {
	list, err := Read(strings.NewReader("id,type,name\n1,person,Anna\n2,person,\"Be\"rt\n3,person,Cora\n"), ReadOptions{})
	if err != nil || list.Entries != 2 || len(list.Problems) != 1 || list.Problems[0].Line != 3 {
		t.Errorf("%v, %+v", err, list)
	}
}

// TestReadEncodings: 8-bit text is read where the XML declares it, and in any CSV.
func TestReadEncodings(t *testing.T) {
	xml := "<?xml version=\"1.0\" encoding=\"windows-1252\"?><sdnList><sdnEntry><uid>1</uid><lastName>M\xdcLLER \x96 S\xd6HNE</lastName></sdnEntry></sdnList>"
	csv := "id,type,name\n1,entity,M\xdcLLER \x96 S\xd6HNE\n"
	for _, text := range []string{xml, csv} {
		list, err := Read(strings.NewReader(text), ReadOptions{})
		if err != nil || list.Records[0].Names[0].Full != "MÜLLER – SÖHNE" {
			t.Errorf("%v, %+v", err, list.Records)
		}
	}
}

func TestReadSetRefuses(t *testing.T) {
	without := openSet(t)
	delete(without, "sdn.csv")
	empty := openSet(t)
	empty["alt.csv"] = strings.NewReader("")
	stranger := openSet(t)
	stranger["readme.txt"] = strings.NewReader("hello")
	cut := openSet(t)
	cut["alt.csv"] = strings.NewReader("301,1,\"aka\",\"EXEM")
	for want, parts := range map[string]map[string]io.Reader{"lacks sdn.csv": without, "empty": empty, "not part": stranger, "truncated": cut} {
		list, err := ReadSet(parts, ReadOptions{})
		if err == nil || !strings.Contains(err.Error(), want) || list.Records != nil {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	only := openSet(t)
	list, err := ReadSet(map[string]io.Reader{"path/SDN.CSV.gz": bytes.NewReader(gzipped(t, mustRead(t, only["sdn.csv"])))}, ReadOptions{})
	if err != nil || list.Entries != 5 {
		t.Errorf("sdn.csv alone: %v", err)
	}
}

func mustRead(t *testing.T, r io.Reader) []byte {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
