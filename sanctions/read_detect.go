package sanctions

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// A format is one way in which lists are written.
type format struct {
	name string // stands in [ListInfo].Format
	list string // the list that it is; "" where the reader tells by the content
	read func(*source, *collector) error
}

// xmlFormats by the name of the root element. Namespaces change from year to year and say nothing.
var xmlFormats = map[string]format{
	"CONSOLIDATED_LIST":    {"un-xml", UNSC, readUN},
	"sdnList":              {"ofac-xml", "", readOFACXML},
	"Sanctions":            {"ofac-advanced-xml", "", readOFACAdvanced},
	"sanctionsData":        {"ofac-enhanced-xml", "", readOFACEnhanced},
	"export":               {"eu-fsf-xml", EUFSF, readEU},
	"Designations":         {"uk-xml", UKSanctions, readUK},
	"swiss-sanctions-list": {"seco-xml", CHSECO, readSECO},
	"data-set":             {"sema-xml", CASEMA, readSEMA},
}

// csvFormats in the order in which they are tried on the first line.
var csvFormats = []struct {
	fits func(line string) bool
	format
}{
	{isOFACRow, format{"ofac-csv", "", readOFACCSV}},
	{hasColumns(";", "Entity_EU_ReferenceNumber", "NameAlias_WholeName"), format{"eu-fsf-csv", EUFSF, readEUCSV}},
	{beginsWith("Report Date:"), format{"uk-csv", UKSanctions, readUKCSV}},
	{hasColumns(",", "Unique ID", "Name 6"), format{"uk-csv", UKSanctions, readUKCSV}},
	{beginsWith("Last Updated,"), format{"uk-conlist-csv", UKSanctions, readConList}},
	{hasColumns(",", "Group ID", "Name 6"), format{"uk-conlist-csv", UKSanctions, readConList}},
	{hasColumns(",", "id", "schema", "name", "dataset"), format{"opensanctions-csv", OpenSanctions, readTargets}},
	{isJSONWith(`"DATA_SOURCE"`, `"RECORD_ID"`), format{"senzing-jsonl", OpenSanctions, readSenzing}},
	{isJSONWith(`"schema"`, `"properties"`), format{"ftm-jsonl", OpenSanctions, readFTM}},
	{hasColumns(",", "id", "type", "name"), format{"custom-csv", Custom, readCustom}},
}

const knownFormats = "UN, OFAC, EU, UK, Swiss and Canadian lists as XML, OFAC, EU and UK lists as CSV, " +
	"OpenSanctions CSV and JSON lines, and our own CSV"

// detect tells the format of a file by its first bytes.
func detect(src *source) (format, error) {
	head, err := src.Peek(32 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return format{}, src.explain(err)
	}
	if len(head) == 0 {
		return format{}, &FileError{Text: "the file is empty; fetch it again"}
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return format{}, &FileError{Text: "the file is in UTF-16; save it as UTF-8"}
	case bytes.HasPrefix(text, []byte("<")):
		return detectXML(text)
	}
	return detectLines(string(text))
}

func detectXML(text []byte) (format, error) {
	dec := xml.NewDecoder(bytes.NewReader(text))
	dec.CharsetReader = decodeCharset
	for {
		token, err := dec.RawToken()
		if err != nil && !errors.Is(err, io.EOF) {
			return format{}, &FileError{Offset: dec.InputOffset(), Text: "the XML is broken: " + err.Error(), Err: err}
		}
		if err != nil {
			return format{}, &FileError{Text: "the file begins like XML but has no root element; it may be truncated"}
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if f, known := xmlFormats[start.Name.Local]; known {
			return f, nil
		}
		if strings.EqualFold(start.Name.Local, "html") {
			return format{}, &FileError{Text: "the file is a web page and no list; check the address"}
		}
		return format{}, &FileError{Text: "XML with the root element <" + short(start.Name.Local) + "> is no list that we know; known are " + knownFormats}
	}
}

func detectLines(text string) (format, error) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimSuffix(line, "\r")
	for _, f := range csvFormats {
		if f.fits(line) {
			return f.format, nil
		}
	}
	return format{}, &FileError{Line: 1, Text: "the file is no list that we know; known are " + knownFormats}
}

// hasColumns says whether a header line has all these columns.
func hasColumns(separator string, names ...string) func(string) bool {
	return func(line string) bool {
		have := map[string]bool{}
		for cell := range strings.SplitSeq(line, separator) {
			have[columnName(cell)] = true
		}
		for _, name := range names {
			if !have[columnName(name)] {
				return false
			}
		}
		return true
	}
}

func beginsWith(mark string) func(string) bool {
	return func(line string) bool {
		return len(line) >= len(mark) && strings.EqualFold(line[:len(mark)], mark)
	}
}

// isJSONWith says whether a line is an object with these keys.
func isJSONWith(keys ...string) func(string) bool {
	return func(line string) bool {
		if !strings.HasPrefix(strings.TrimSpace(line), "{") {
			return false
		}
		for _, key := range keys {
			if !strings.Contains(line, key) {
				return false
			}
		}
		return true
	}
}
