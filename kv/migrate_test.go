package kv

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"dossier/session"
	"dossier/session/storetest"
)

// unpack puts a database of an older schema from testdata into a folder. Each was made by the last version
// of Dossier that wrote that schema, from invented people.
func unpack(t *testing.T, name string) (dir string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(t.TempDir(), "store")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return dir
		}
		if err != nil {
			t.Fatal(err)
		}
		if head.Typeflag != tar.TypeReg {
			continue
		}
		data, err := io.ReadAll(r)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(head.Name)), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// wantSchema1 checks that what the database of schema 1 held is there, and found in today's ways.
func wantSchema1(t *testing.T, db *DB) {
	t.Helper()
	ctx := t.Context()
	if have, current, err := db.Schema(ctx); err != nil || have != current {
		t.Errorf("Schema: %d of %d, %v", have, current, err)
	}
	v, err := db.Verify(ctx, nil)
	if err != nil || v.Found > 0 || v.Sessions != 82 || v.Events != 185 || v.Lists != 1 {
		t.Errorf("Verify: %+v, %v; want 82 sessions, 185 events, a list and no problem", v, err)
	}
	alerts, _, total, err := db.Alerts(ctx, session.AlertFilter{State: session.DispositionOpen})
	if err != nil || total != 2 || len(alerts) != 2 {
		t.Fatalf("%d open alerts, %v; want 2", total, err)
	}
	for _, a := range alerts {
		if len(a.Turns) != 1 || a.Turns[0].Raised != a.RaisedBy || !a.Turns[0].At.Equal(a.RaisedAt) {
			t.Errorf("turns of an alert: %+v", a.Turns)
		}
	}
	_, _, ofAcme, err := db.Alerts(ctx, session.AlertFilter{Companies: []string{"acme"}})
	if err != nil || ofAcme != 1 {
		t.Errorf("%d alerts of acme, %v; want 1", ofAcme, err)
	}
	_, _, ofSession, err := db.Alerts(ctx, session.AlertFilter{Session: alerts[0].Session})
	if err != nil || ofSession != 1 {
		t.Errorf("%d alerts of a session, %v; want 1", ofSession, err)
	}
	company, err := db.Company(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	if was, err := db.CompanyVersion(ctx, "acme", company.Version); err != nil || was.Name != company.Name {
		t.Errorf("the company's version in force: %+v, %v", was, err)
	}
	if members, err := db.Members(ctx); err != nil || len(members) != 1 {
		t.Errorf("%d members, %v; want 1", len(members), err)
	}
}

// A database of schema 1 is brought up to date once, also when the process dies in the middle, and what
// was in it can be changed.
func TestMigrateSchema1(t *testing.T) {
	dir := unpack(t, "schema1.tar.gz")
	whole := migrations
	t.Cleanup(func() { migrations = whole })
	died := errors.New("the process died here")
	migrations = append(whole[:2:2], func(ctx context.Context, db *DB) error { return errors.Join(alertsInOrder(ctx, db), died) })
	if db, err := Open(dir, Options{}); !errors.Is(err, died) {
		t.Fatalf("Open: %v, %v", db, err)
	}
	migrations = whole
	for range 2 {
		db, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		wantSchema1(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := openTest(t, dir, Options{})
	alerts, _, _, err := db.Alerts(t.Context(), session.AlertFilter{})
	if err != nil || len(alerts) == 0 {
		t.Fatal(err)
	}
	a := alerts[0]
	a.Disposition.State = session.DispositionMatch
	if _, err := db.Commit(t.Context(), session.Change{Alerts: []session.Alert{a}}); err != nil {
		t.Fatal(err)
	}
	if _, _, open, err := db.Alerts(t.Context(), session.AlertFilter{State: session.DispositionOpen}); err != nil || open != 1 {
		t.Errorf("%d open alerts after one was decided, %v; want 1", open, err)
	}
}

// Databases of the schemas between are brought up to date as well, by way of a backup too.
func TestMigrateLaterSchemas(t *testing.T) {
	for _, old := range []struct {
		name          string
		schema, lists int
	}{{"schema2.tar.gz", 2, 2}, {"schema3.tar.gz", 3, 2}, {"schema4.tar.gz", 4, 3}} {
		t.Run(old.name, func(t *testing.T) {
			dir, ctx := unpack(t, old.name), t.Context()
			db, err := Open(dir, Options{AsIs: true})
			if err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			b, err := db.Backup(ctx, &file, "test")
			if err != nil || b.Schema != old.schema || b.Damaged > 0 {
				t.Errorf("Backup: %+v, %v", b, err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			restored := filepath.Join(t.TempDir(), "store")
			if _, err := Restore(ctx, restored, &file, Options{}, nil); err != nil {
				t.Fatal(err)
			}
			for _, dir := range []string{dir, restored} {
				db := openTest(t, dir, Options{})
				if have, current, err := db.Schema(ctx); err != nil || have != current {
					t.Errorf("Schema: %d of %d, %v", have, current, err)
				}
				if v, err := db.Verify(ctx, nil); err != nil || v.Found > 0 || v.Sessions != 60 || v.Lists != old.lists {
					t.Errorf("Verify: %+v, %v; want 60 sessions, %d lists and no problem", v, err, old.lists)
				}
				alerts, _, total, err := db.Alerts(ctx, session.AlertFilter{State: session.DispositionOpen})
				if err != nil || total == 0 {
					t.Errorf("%d open alerts, %v; want some", total, err)
				}
				for _, a := range alerts {
					if len(a.Turns) != 1 || a.Turns[0].Raised != a.RaisedBy {
						t.Errorf("turns of an alert: %+v", a.Turns)
					}
				}
				company, err := db.Company(ctx, "acme")
				if err == nil {
					_, err = db.CompanyVersion(ctx, "acme", company.Version)
				}
				if err != nil {
					t.Errorf("the company's version in force: %v", err)
				}
			}
		})
	}
}

// The migration leaves the sessions as they were stored. One that is changed or erased afterwards takes its
// pointers with it all the same.
func TestPointersOfSchema1(t *testing.T) {
	db, ctx := openTest(t, unpack(t, "schema1.tar.gz"), Options{}), t.Context()
	kept := func() (all []session.Kept) {
		for _, company := range []string{"acme", "orbit"} {
			some, err := db.Kept(ctx, company, session.EraseRecord, session.Kept{}, time.Now().AddDate(100, 0, 0), 1000)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, some...)
		}
		return all
	}
	before := kept()
	if len(before) != 82 {
		t.Fatalf("%d sessions are kept, want 82", len(before))
	}
	for i, k := range before {
		s, err := db.Session(ctx, k.ID)
		if err == nil && i%2 == 0 {
			err = db.Erase(ctx, s.ID, s.Version)
		} else if err == nil {
			s.DecidedAt, s.Person.DocumentNumber = s.KeptSince().Add(time.Hour), "CHANGED"
			_, err = db.Commit(ctx, session.Change{Session: &s})
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, twin := range []string{s.Person.DocumentNumber, s.Person.PersonalNumber} {
			if found, err := db.Twins(ctx, s.Company, twin, twin, ""); err != nil || i%2 == 0 && slices.ContainsFunc(found, func(t session.Twin) bool { return t.ID == s.ID }) {
				t.Errorf("after an erasure its number is found: %v, %v", found, err)
			}
		}
	}
	after := kept()
	if len(after) != 41 {
		t.Errorf("%d sessions are kept after half were erased, want 41", len(after))
	}
	for _, k := range after {
		if s, err := db.Session(ctx, k.ID); err != nil || !s.KeptSince().Equal(k.Since) {
			t.Errorf("%s is kept since %s, its session says %s, %v", k.ID, k.Since, s.KeptSince(), err)
		}
	}
	for _, prefix := range []byte{atPhotoUse, atOpen, atNumber} {
		keys, err := db.some(ctx, of(prefix), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if id := idAt(k[max(0, len(k)-16):]); !slices.ContainsFunc(after, func(k session.Kept) bool { return k.ID == id }) {
				t.Errorf("the key %c of %s, which is erased, is left", prefix, id)
			}
		}
	}
}

// A backup made before the upgrade, by the new program, leaves the old schema as it is; the copy is
// brought up to date when it is restored.
func TestBackupOfSchema1(t *testing.T) {
	dir := unpack(t, "schema1.tar.gz")
	var file bytes.Buffer
	for range 2 {
		db, err := Open(dir, Options{AsIs: true})
		if err != nil {
			t.Fatal(err)
		}
		file.Reset()
		if b, err := db.Backup(t.Context(), &file, "test"); err != nil || b.Schema != 1 || b.Sessions != 82 || b.Damaged > 0 {
			t.Errorf("Backup: %+v, %v; want 82 sessions of schema 1", b, err)
		}
		if v, err := db.Verify(t.Context(), nil); err != nil || v.Found > 0 {
			t.Errorf("Verify: %+v, %v", v, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	copied := filepath.Join(t.TempDir(), "store")
	if _, err := Restore(t.Context(), copied, &file, Options{}, nil); err != nil {
		t.Fatal(err)
	}
	wantSchema1(t, openTest(t, copied, Options{}))
}

// TestMigrateDecisions: what was decided before there were suppressions, and refused before there were
// attempts, is kept in today's form.
func TestMigrateDecisions(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	db := openTest(t, dir, Options{})
	s := storetest.Example(1)
	decided := session.Disposition{State: session.DispositionNoMatch, Text: "another person", By: "member:1", At: s.CreatedAt}
	hit := session.Hit{Alert: "alert", EntryHash: "hash", Disposition: decided}
	hit.List, hit.EntryID = "custom", "X-1"
	s.Screening = session.Screening{Status: session.Clear, Person: "print", Matcher: "1", ScreenedAt: s.CreatedAt, Hits: []session.Hit{hit}}
	a := session.Alert{ID: "alert", Session: s.ID, Company: s.Company, Hit: hit, RaisedAt: s.CreatedAt, Disposition: decided}
	if _, err := db.Commit(ctx, session.Change{Session: &s, Alerts: []session.Alert{a}}); err != nil {
		t.Fatal(err)
	}
	err := db.update(ctx, "test", func(t *tx) error { // as schema 1 had it
		t.setNumber(schemaKey, 1)
		return t.setJSON(of(atAttempt).number(7), map[string]any{"list": "custom", "at": s.CreatedAt, "source": "a.csv", "reason": "it is empty"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, Options{})
	held, err := db.SuppressionsOf(ctx, s.Company, "print")
	if err != nil || len(held) != 1 || held[0].Text != decided.Text || held[0].Seen.EntryHash != "hash" || held[0].EntryIDs[0] != "X-1" {
		t.Fatalf("suppressions: %+v, %v", held, err)
	}
	if of, _, _, err := db.Alerts(ctx, session.AlertFilter{Suppression: held[0].ID}); err != nil || len(of) != 1 || of[0].ID != "alert" {
		t.Errorf("what it holds down: %+v, %v", of, err)
	}
	tried, err := db.Attempts(ctx, "custom", 10)
	if err != nil || len(tried) != 1 || tried[0].Result != session.AttemptRefused || tried[0].Reason != "it is empty" {
		t.Errorf("attempts: %+v, %v", tried, err)
	}
}

// TestMigrateTurns: reports tell of alerts from before there were turns, whatever became of them since.
func TestMigrateTurns(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	db := openTest(t, dir, Options{})
	s := storetest.Example(1)
	at := s.CreatedAt
	decided := session.Disposition{State: session.DispositionMatch, By: "member:1", At: at.Add(time.Hour)}
	alerts := []session.Alert{
		{ID: "open", RaisedBy: "ingest", Disposition: session.Disposition{State: session.DispositionOpen}},
		{ID: "decided", RaisedBy: "ingest", Disposition: decided},
		{ID: "decided since", RaisedBy: "ingest", Disposition: decided, Turns: []session.Turn{{At: decided.At, State: decided.State, By: decided.By}}},
		{ID: "new", RaisedBy: "ingest", Disposition: session.Disposition{State: session.DispositionOpen}, Turns: []session.Turn{{At: at, State: session.DispositionOpen, Raised: "ingest"}}},
	}
	for i := range alerts {
		alerts[i].Session, alerts[i].Company, alerts[i].RaisedAt = s.ID, s.Company, at
	}
	if _, err := db.Commit(ctx, session.Change{Session: &s, Alerts: alerts}); err != nil {
		t.Fatal(err)
	}
	if err := db.update(ctx, "test", func(t *tx) error { t.setNumber(schemaKey, 3); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, Options{})
	want := map[string][]session.DispositionState{"open": {session.DispositionOpen}, "decided": {session.DispositionOpen, session.DispositionMatch},
		"decided since": {session.DispositionOpen, session.DispositionMatch}, "new": {session.DispositionOpen}}
	n := 0
	for a, err := range db.EachAlert(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		var states []session.DispositionState
		for _, turn := range a.Turns {
			states = append(states, turn.State)
		}
		if !slices.Equal(states, want[a.ID]) || a.Turns[0].Raised != "ingest" || !a.Turns[0].At.Equal(at) {
			t.Errorf("%s: %+v", a.ID, a.Turns)
		}
	}
	if n != len(alerts) {
		t.Errorf("%d of %d alerts", n, len(alerts))
	}
}

// The pointers of any number of sessions go in steps that a transaction holds: 2,500 sessions have 15,000.
func TestPointersFitTransactions(t *testing.T) {
	db, ctx := openTest(t, t.TempDir(), Options{}), t.Context()
	const sessions = 2500
	var all sync.WaitGroup
	for caller := range 50 {
		all.Go(func() {
			for n := caller; n < sessions; n += 50 {
				commitExample(t, db, n)
			}
		})
	}
	all.Wait()
	if err := db.clear(ctx, atKept); err != nil {
		t.Fatal(err)
	}
	if err := pointFromSessions(ctx, db); err != nil {
		t.Fatal(err)
	}
	kept, err := db.Kept(ctx, "alpha", session.EraseRecord, session.Kept{}, time.Now().AddDate(100, 0, 0), 2*sessions)
	if err != nil || len(kept) != sessions {
		t.Errorf("%d sessions are found again, %v; want %d", len(kept), err, sessions)
	}
}
