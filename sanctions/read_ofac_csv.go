package sanctions

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The legacy CSV files of OFAC have no header; null is "-0- " and the file ends with the byte 0x1A.

const (
	ofacNull = "-0-"
	ctrlZ    = "\x1a"
)

var ofacRow = regexp.MustCompile(`^\x1a?\d+,"?[^"]`)

// isOFACRow says whether a line may be the first of sdn.csv: a number and eleven more cells.
func isOFACRow(line string) bool {
	return ofacRow.MatchString(line) && strings.Contains(line, ofacNull) && strings.Count(line, ",") >= 11
}

// readOFACCSV reads sdn.csv or cons_prim.csv alone (ofac-csv), or several of them joined in one file.
func readOFACCSV(src *source, c *collector) error {
	err := readOFACRows(src, c, 12, func(row []string, at place) {
		c.add(ofacRowEntry(row), at)
	})
	finishOFACRemarks(c)
	chooseOFAC(c)
	return err
}

// readOFACRows gives every row of at least n cells, with nulls and the end mark taken out.
func readOFACRows(src *source, c *collector, n int, take func(row []string, at place)) error {
	f := openCSV(src, src, ',', 0)
	f.columns = make(map[string]int, n)
	for i := range n {
		f.columns[fmt.Sprint(i)] = i
	}
	for {
		more, err := f.next(c)
		if err != nil || !more {
			return err
		}
		row := make([]string, len(f.row))
		for i, cell := range f.row {
			// Remarks keep their blanks: they may go on in sdn_comments.csv.
			if row[i] = strings.TrimPrefix(cell, ctrlZ); tidy(cell) == ofacNull {
				row[i] = ""
			}
		}
		row[0] = tidy(row[0])
		switch {
		case len(row) == 1 && row[0] == "": // the end mark
		case len(row) < n:
			c.skip(f.place(), row[0], fmt.Sprintf("a row of %d cells, want %d, is left out", len(row), n))
		default:
			take(row, f.place())
		}
	}
}

// ofacRowEntry reads a row of sdn.csv: ent_num, SDN_Name, SDN_Type, Program, Title, Call_Sign, Vess_type,
// Tonnage, GRT, Vess_flag, Vess_owner, Remarks. The remarks are read at the end, when they are whole.
func ofacRowEntry(row []string) Entry {
	e := Entry{ID: row[0], Type: ofacType(row[2]), SourceURL: ofacPage + row[0], Remarks: row[11]}
	name := ofacName("", row[1], e.Type)
	name.Kind = Primary
	e.Names = []Name{name}
	e.Programs = splitList(row[3], "] [")
	if title := tidy(row[4]); title != "" {
		e.Remarks = strings.TrimSuffix(title+"; "+e.Remarks, "; ") // whose end may go on in another file
	}
	if row[5] != "" {
		e.Documents = append(e.Documents, Document{Kind: "Call sign", Number: row[5]})
	}
	return e
}

// finishOFACRemarks reads the remarks of all entries.
func finishOFACRemarks(c *collector) {
	for i := range c.list.Records {
		e := &c.list.Records[i]
		for remark := range strings.SplitSeq(e.Remarks, "; ") {
			remark = strings.TrimSuffix(tidy(remark), ".")
			addOFACRemark(e, strings.TrimPrefix(remark, "alt. "), c)
		}
	}
}

var (
	quotedAlias = regexp.MustCompile(`^([afn]\.k\.a\.) '(.*)'$`)
	documentEnd = regexp.MustCompile(`^(.*?)(?: \(([^()]*)\))?((?: (?:issued|expires) .*)?)$`)
)

// ofacDocuments are the kinds of documents that remarks begin with, longest first where one begins
// like another.
var ofacDocuments = []string{"Passport", "Diplomatic Passport", "Stateless Person Passport", "British National Overseas Passport",
	"National ID No.", "National Foreign ID Number", "Cedula No.", "Cedula No. de Extranjeria", "Tarjeta de Identidad", "Identification Number",
	"Driver's License No.", "Personal ID Card", "Stateless Person ID Card", "Citizen's Card Number", "Turkish Identification Number",
	"C.U.R.P.", "R.F.C.", "RFC", "I.F.E.", "C.U.I.P.", "C.U.I.", "C.U.I.T.", "D.N.I.", "N.I.E.", "NIT #", "SSN", "LE Number", "RTN", "RUC #",
	"Tax ID No.", "Electoral Registry No.", "Credencial electoral", "Cartilla de Servicio Militar Nacional", "Residency Number",
	"Birth Certificate Number", "Travel Document Number", "VisaNumberID", "Kenyan ID No.", "Bosnian Personal ID No.", "Refugee ID Card",
	"Numero de Identidad", "Italian Fiscal Code", "Afghan Money Service Provider License Number", "Moroccan Personal ID No.",
	"Tourism License No.", "Pilot License Number", "Seafarer's Identification Document", "Immigration No.", "Alien Registration",
	"Vessel Registration Identification", "MMSI", "Aircraft Tail Number", "Aircraft Manufacturer's Serial Number (MSN)",
	"Aircraft Construction Number (also called L/N or S/N or F/N)", "Registration ID", "Registration Number", "Company Number",
	"Commercial Registry Number", "Business Registration Number", "Unified Social Credit Code (USCC)", "Matricula Mercantil No",
	"V.A.T. Number", "C.R. No.", "Legal Entity Number", "Trade License No.", "UK Company Number", "Enterprise Number"}

// addOFACRemark reads one remark: everything about a person but the name is there.
func addOFACRemark(e *Entry, remark string, c *collector) {
	if m := quotedAlias.FindStringSubmatch(remark); m != nil {
		name := ofacName("", m[2], e.Type)
		name.Kind, name.Weak = ofacKind(m[1]), true
		e.Names = append(e.Names, name)
		return
	}
	key, value, _ := strings.Cut(remark, " ")
	switch key {
	case "DOB":
		c.addBirthOf(e, value)
	case "POB":
		e.BirthPlaces = append(e.BirthPlaces, value)
	case "nationality", "citizen":
		e.Nationalities = append(e.Nationalities, value)
	case "Gender":
		e.Sexes = append(e.Sexes, sexOf(value))
	default:
		if d, ok := ofacDocument(remark); ok {
			e.Documents = append(e.Documents, d)
		}
	}
}

// addBirthOf reads a birth date that already stands in the remarks.
func (c *collector) addBirthOf(e *Entry, text string) {
	dates := ParseDates(text)
	e.Births = append(e.Births, dates...)
	if len(dates) == 0 {
		c.note(place{}, e.ID, fmt.Sprintf("birth date %q is not understood; it stands in the remarks", short(text)))
	}
}

// ofacDocument reads "Passport 717637093 (Russia) expires 12 Jan 2010".
func ofacDocument(remark string) (Document, bool) {
	best := ""
	for _, kind := range ofacDocuments {
		if len(kind) > len(best) && strings.HasPrefix(remark, kind+" ") {
			best = kind
		}
	}
	if best == "" {
		return Document{}, false
	}
	m := documentEnd.FindStringSubmatch(remark[len(best)+1:])
	if m == nil || !hasDigit(m[1]) {
		return Document{}, false
	}
	return Document{Kind: best, Number: m[1], Country: m[2], Note: tidy(m[3])}, true
}

// ReadSet reads OFAC's CSV set: parts holds the files by name, sdn.csv (or cons_prim.csv), alt.csv,
// add.csv and sdn_comments.csv, plain or compressed; the first is needed, the others may be missing.
// Folders before and ".gz" behind a name do not matter.
func ReadSet(parts map[string]io.Reader, o ReadOptions) (List, error) {
	c := newCollector("")
	c.list.Format = "ofac-csv-set"
	byRole := map[string]string{}
	for name := range parts {
		role := ofacRole(name)
		if role == "" || byRole[role] != "" {
			return List{}, named(&FileError{Text: "not part of the OFAC CSV set, or twice"}, name)
		}
		byRole[role] = name
	}
	if byRole["sdn"] == "" {
		return List{}, named(&FileError{Text: "the OFAC CSV set lacks sdn.csv"}, o.Name)
	}
	whole := sha256.New()
	for _, role := range []string{"sdn", "comments", "alt", "add"} {
		if name := byRole[role]; name != "" {
			content, err := readOFACPart(c, role, parts[name], o)
			if err != nil {
				return List{}, named(err, name)
			}
			fmt.Fprintln(whole, role, content)
		}
	}
	c.list.Content = hex.EncodeToString(whole.Sum(nil))
	finishOFACRemarks(c)
	chooseOFAC(c)
	list, err := c.finish(o.ID)
	if err != nil {
		return List{}, named(err, o.Name)
	}
	return list, nil
}

// ofacRole says what a file of the set is by its name.
func ofacRole(name string) string {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	switch {
	case strings.Contains(base, "comment"):
		return "comments"
	case strings.HasPrefix(base, "alt"), strings.HasPrefix(base, "cons_alt"):
		return "alt"
	case strings.HasPrefix(base, "add"), strings.HasPrefix(base, "cons_add"):
		return "add"
	case strings.HasPrefix(base, "sdn"), strings.HasPrefix(base, "cons_prim"):
		return "sdn"
	}
	return ""
}

// readOFACPart reads one file of the set into c, and gives the SHA-256 of its content.
func readOFACPart(c *collector, role string, r io.Reader, o ReadOptions) (content string, err error) {
	src, err := openSource(r, o)
	if err != nil {
		return "", err
	}
	defer src.Close()
	cells := map[string]int{"sdn": 12, "comments": 2, "alt": 4, "add": 5}[role]
	rows := 0
	err = readOFACRows(src, c, cells, func(row []string, at place) {
		rows++
		if role == "sdn" {
			c.add(ofacRowEntry(row), at)
			return
		}
		i, known := c.at[row[0]]
		if !known {
			c.note(at, row[0], fmt.Sprintf("a row of the %s file has the id of no entry", role))
			return
		}
		addOFACPart(&c.list.Records[i], role, row)
	})
	if err == nil && rows == 0 {
		err = &FileError{Text: "the file is empty; fetch it again"}
	}
	if err != nil {
		return "", src.explain(err)
	}
	return src.content()
}

// addOFACPart adds a row of alt.csv (ent_num, alt_num, alt_type, alt_name), add.csv (ent_num, Add_num,
// Address, City/State/Postal, Country) or sdn_comments.csv. A comment goes on where the remarks stop,
// in the middle of a word.
func addOFACPart(e *Entry, role string, row []string) {
	switch role {
	case "comments":
		if len(e.Remarks)+len(row[1]) <= maxRemarks {
			e.Remarks += row[1]
		}
	case "alt":
		name := ofacName("", row[3], e.Type)
		name.Kind = ofacKind(row[2])
		e.Names = append(e.Names, name)
	case "add":
		e.Addresses = slices.DeleteFunc(append(e.Addresses, joinPlace(row[2], row[3], row[4])), func(s string) bool { return s == "" })
	}
}
