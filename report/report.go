package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/signintech/gopdf"

	"dossier/session"
)

// Data are what a report is made of.
type Data struct {
	Session session.Session
	Company session.Company
	Events  []session.Event // the audit trail of the session, oldest first
	Cut     bool            // there are older events, which are not among them

	// Photo returns a photo scaled for print: a JPEG of at most 1,000 pixels a side or so. Where it
	// fails, or gives something else, the report has a box that says so. It may be nil.
	Photo func(p session.Photo) ([]byte, error)

	// Names gives the name of who "member:01J…" stands for, where the audit trail does not tell; or it is nil.
	Names func(actor string) string

	URL  string         // of the session's page, for the QR code; "" leaves it out
	By   string         // the name of who asked for the report
	Now  time.Time      // when
	Zone *time.Location // in which times are printed; nil is UTC
}

// RecordHash is the SHA-256, in hex, of the session's JSON without white space: the fields that the API
// gives, in its order. It stands in the report, so that anybody can tell which state of the record was printed.
func RecordHash(s session.Session) (string, error) {
	record, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("report: the session does not encode: %w", err)
	}
	sum := sha256.Sum256(record)
	return hex.EncodeToString(sum[:]), nil
}

// Write renders the session as a PDF to w. Equal data give equal bytes.
func Write(w io.Writer, d Data) error {
	lib, err := loadFonts()
	if err != nil {
		return err
	}
	hash, err := RecordHash(d.Session)
	if err != nil {
		return err
	}
	if d.Zone == nil {
		d.Zone = time.UTC
	}
	p := &printer{
		sheet: newSheet(lib, parseColour(d.Company.Settings.Colour).readable()),
		Data:  d, s: d.Session, hash: hash,
	}
	p.print()
	return p.writeTo(w)
}

// A printer draws one report.
type printer struct {
	*sheet
	Data
	s    session.Session
	hash string // of the record
}

func (p *printer) print() {
	p.pdf.SetInfo(gopdf.PdfInfo{
		Title:    clean(title + " " + string(p.s.ID)),
		Author:   clean(p.companyName()),
		Producer: "Dossier", CreationDate: p.Now.In(p.Zone),
	})
	p.cover()
	p.head = p.runningHead
	p.summary()
	p.photos()
	p.zone()
	p.checks()
	p.findings()
	p.activity()
	p.sanctions()
	p.extra()
	p.edits()
	p.notes()
	p.attempts()
	p.trail()
	p.record()
	p.footers()
}

// companyName is the company's name, or its slug where the company is not known.
func (p *printer) companyName() string {
	if p.Company.Name != "" {
		return p.Company.Name
	}
	return p.s.Company
}

// stamp prints a time with its offset, so that it reads the same everywhere.
func (p *printer) stamp(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	return stampIn(t, p.Zone)
}

func stampIn(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	if _, offset := t.Zone(); offset == 0 {
		return t.Format("2006-01-02 15:04:05 UTC")
	}
	return t.Format("2006-01-02 15:04:05 -07:00")
}
