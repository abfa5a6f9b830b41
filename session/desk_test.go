package session_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/index"
	"dossier/kv"
	"dossier/mrz"
	"dossier/session"
)

// A desk is a back office over real parts in memory, with a clock that tests set.
type desk struct {
	*session.Service
	t     *testing.T
	db    *kv.DB
	index *index.Index
	mu    sync.Mutex
	at    time.Time
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

// newDesk has the companies acme, which screens, and orbit, which does not, and a fresh invented list.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	var err error
	if d.db, err = kv.Open("", kv.Options{Memory: true, Now: d.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.db.Close() })
	if d.index, err = index.Open("", index.Options{Memory: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.index.Close() })
	if err := d.index.Rebuild(t.Context(), d.db.All(t.Context(), "")); err != nil {
		t.Fatal(err)
	}
	d.Service = session.NewService(session.Options{Store: d.db, Index: d.index, Now: d.now})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for slug, screens := range map[string]bool{"acme": true, "orbit": false} {
		c := session.NewCompany(slug, strings.ToUpper(slug), d.at)
		c.Settings.Screen = screens
		c.Settings.Extra = []session.ExtraField{{Key: "income", Label: "Income", Type: "number"}, {Key: "plan", Label: "Plan", Type: "choice", Choices: []string{"a", "b"}, Required: slug == "orbit"}}
		if _, err := d.SaveCompany(t.Context(), session.System, c, ""); err != nil {
			t.Fatal(err)
		}
	}
	d.load(listV1)
	return d
}

const listHead = "id,type,name,aliases,birth_date,nationality,document_numbers,program\n"

const listV1 = listHead +
	"X-1,person,Vasilon Karmeides,Vasso the Tall,1961-04-05,GRC,ZX9988776,EXAMPLE\n" +
	"X-2,person,Orlindo Brastemar,,1970,BRA,,EXAMPLE\n" +
	"X-3,person,Terence Quillfeather,,1955-01-01,GBR,,EXAMPLE\n" +
	"X-4,entity,Glimmer Holdings,,,,,EXAMPLE\n"

func (d *desk) load(csv string) session.ListChange {
	d.t.Helper()
	change, err := d.UpdateList(d.t.Context(), session.System, session.ListUpdate{List: "custom", Source: "list.csv", Raw: []byte(csv), Force: true})
	if err != nil {
		d.t.Fatal(err)
	}
	return change
}

// zone is a valid passport zone.
func zone(t *testing.T, p mrz.Person) []string {
	t.Helper()
	if p.IssuingState == "" {
		p.IssuingState, p.Nationality = "UTO", "UTO"
	}
	lines, err := mrz.Generate("TD3", p, mrz.Details{})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

var anna = mrz.Person{FirstName: "ANNA MARIA", LastName: "ERIKSSON", DocumentNumber: "L898902C3", Sex: "F", BirthDate: "1974-08-12", ExpirationDate: "2031-04-15"}

// good is a submission that nothing speaks against.
func good(t *testing.T, p mrz.Person) session.Submission {
	yes, level := true, 6
	return session.Submission{Company: "acme", Document: &session.Document{Type: session.Passport, MRZ: zone(t, p)}, Finish: true,
		Checks: &session.Checks{LivenessPassed: &yes, LivenessType: "3d", FaceMatchLevel: &level, IDReal: &yes, FullIDDetected: &yes, DocumentValid: &yes, Consent: &yes}}
}

func (d *desk) ingest(sub session.Submission) session.Session {
	d.t.Helper()
	got, err := d.Ingest(d.t.Context(), session.System, session.Intake{Submission: sub})
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

func (d *desk) get(id session.ID) session.Session {
	d.t.Helper()
	got, err := d.Get(d.t.Context(), session.System, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

func (d *desk) alerts(state session.DispositionState) []session.Alert {
	d.t.Helper()
	all, _, total, err := d.Alerts(d.t.Context(), session.System, session.AlertFilter{State: state, Limit: 200})
	if err != nil {
		d.t.Fatal(err)
	}
	if total != len(all) {
		d.t.Fatalf("total is %d of %d alerts", total, len(all))
	}
	return all
}

func codes(findings []session.Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, fmt.Sprintf("%s:%s", f.Code, f.Severity))
	}
	return strings.Join(all, " ")
}

// picture is a PNG of its own for each n.
func picture(t *testing.T, n uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = uint8(i) ^ n
	}
	img.Set(0, 0, color.Gray{Y: n})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ptr[T any](v T) *T { return &v }

func member(company string, may ...session.Permission) session.Actor {
	return session.Actor{ID: "member:1", Name: "Nino Example", Companies: []string{company}, May: may}
}

// containsField reports whether err says something of this field.
func containsField(err error, field string) bool {
	return err != nil && strings.Contains(err.Error(), "["+field+": ")
}

func (d *desk) wantWholeAudit() uint64 {
	d.t.Helper()
	n, err := d.VerifyAudit(context.Background(), session.System)
	if err != nil {
		d.t.Fatalf("audit chain after event %d: %v", n, err)
	}
	return n
}
