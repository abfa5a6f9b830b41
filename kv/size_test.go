package kv

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/sanctions"
	"dossier/session"
	"dossier/session/storetest"
)

// letters is text that hardly compresses.
func letters(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + rand.IntN(26))
	}
	return string(b)
}

// alertOn is an alert as large as they are.
func alertOn(s session.Session, n int) session.Alert {
	return session.Alert{ID: fmt.Sprintf("%s-%040d", s.ID, n), Session: s.ID, Company: s.Company, RaisedAt: s.CreatedAt, Person: "Anna Eriksson",
		Disposition: session.Disposition{State: session.DispositionOpen},
		Hit: session.Hit{Hit: sanctions.Hit{List: "opensanctions", EntryID: "NK-" + letters(22), Name: letters(30), Score: 0.9},
			Entry: sanctions.Entry{ID: "NK", Remarks: letters(1500)}}}
}

// suppressed is an alert that a suppression of the same session holds down, with the suppression.
func suppressed(s session.Session, n int) session.Change {
	a := alertOn(s, n)
	p := session.Suppression{ID: a.ID, Company: s.Company, Session: s.ID, Fingerprint: letters(40), List: a.Hit.List, EntryIDs: []string{a.Hit.EntryID}, MadeAt: s.CreatedAt}
	a.Disposition = session.Disposition{State: session.DispositionNoMatch, Suppression: p.ID}
	return session.Change{Alerts: []session.Alert{a}, Suppressions: []session.Suppression{p}}
}

func records(t *testing.T, db *DB, prefix byte) int {
	t.Helper()
	n, err := db.countKeys(t.Context(), "test", span{prefix: of(prefix)})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEraseWhoHasManyAlerts: however many alerts, decisions and exports there are about a person, all of it
// can be erased, and what a crash cut off is erased when the database is opened again.
func TestEraseWhoHasManyAlerts(t *testing.T) {
	const alerts, pieces = 1200, 3000
	dir := t.TempDir()
	db, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := commitExample(t, db, 1)
	id := mustULID(t, s.ID)
	other := commitExample(t, db, 2)
	for n := range alerts {
		c := suppressed(s, n)
		if n%2 == 0 {
			c = session.Change{Alerts: []session.Alert{alertOn(s, n)}}
		}
		if _, err := db.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Commit(t.Context(), suppressed(other, 0)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two"} {
		e := session.Export{ID: name, Status: session.ExportRunning, Pieces: 1}
		if err := db.PutExport(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if err := db.AddToExport(t.Context(), e, []byte("rows"), []session.ID{s.ID}); err != nil {
			t.Fatal(err)
		}
		if err := db.steps(t.Context(), "test", pieces, func(t *tx, n int) error {
			at := rowsPrefix(name).number(uint64(n + 1))
			t.set(at, seal(at, nil))
			t.set(pieceKey(name, n+1), []byte("x"))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Erase(t.Context(), s.ID, 1); err != nil {
		t.Fatal(err)
	}
	wantErased(t, db, alerts)
	if err := db.update(t.Context(), "test", func(t *tx) error { // as a crash leaves it
		t.set(of(atErasing).session(id), nil)
		_, err := t.putAlert("test", alertOn(s, alerts))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openTest(t, dir, Options{})
	wantErased(t, db, alerts+1)
	if err := db.Erase(t.Context(), other.ID, 1); err != nil {
		t.Error(err)
	}
}

// wantErased wants nothing of an erased session but its alerts without the person, beside one session with
// an alert that is held down.
func wantErased(t *testing.T, db *DB, alerts int) {
	t.Helper()
	for prefix, want := range map[byte]int{atSession: 1, atAlert: 1, atErasedAlert: alerts, atAlertSession: 1, atAlertEntry: 1, atAlertState: 4, atSuppression: 1,
		atSuppressions: 1, atFingerprint: 1, atMadeIn: 1, atAlertHeld: 1, atExportRows: 0, atExportPiece: 0, atErasing: 0} {
		if got := records(t, db, prefix); got != want {
			t.Errorf("%d keys under %c, want %d", got, prefix, want)
		}
	}
}

// TestLongOnes writes and clears at the sizes that a large installation has: each must fit its transactions.
func TestLongOnes(t *testing.T) {
	db, ctx := openTest(t, t.TempDir(), Options{}), t.Context()
	ids := make([]session.ID, 2000)
	for i := range ids {
		ids[i] = session.NewID(time.Unix(int64(i), 0))
	}
	run := session.Run{ID: ulid.Make().String(), Sessions: ids[:1000], Companies: map[string]*session.Coverage{}}
	for _, id := range ids[:1000] {
		run.Failures = append(run.Failures, session.RunFailure{Session: id, Why: letters(300)})
	}
	for n := range 200 {
		run.Companies[fmt.Sprint("company-", n)] = &session.Coverage{Population: 1e6, Screened: 1e6, Excluded: map[string]int{letters(40): 1e6}}
	}
	if err := db.PutRun(ctx, run); err != nil {
		t.Errorf("a run with a thousand failures: %v", err)
	}
	run.Cursor = ids[1999]
	if err := db.Advance(ctx, run, session.Confirmation{To: ids[1999], Except: ids, At: time.Now()}); err != nil {
		t.Errorf("a stretch of which nobody was confirmed: %v", err)
	}

	const marks = 60_000
	if err := db.steps(ctx, "test", marks, func(t *tx, n int) error {
		_, err := t.mark(ulid.Make(), 0)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	all, err := db.Marks(ctx, marks+1)
	if err != nil || len(all) != marks {
		t.Fatalf("%d marks, %v", len(all), err)
	}
	if err := db.ClearMarks(ctx, all); err != nil || records(t, db, atMark) != 0 {
		t.Errorf("%d of %d marks are left, %v", records(t, db, atMark), marks, err)
	}

	const deliveries = 12_000
	hook := ulid.Make().String()
	if err := db.steps(ctx, "test", deliveries, func(t *tx, n int) error {
		return t.putDelivery("test", session.Delivery{ID: ulid.Make().String(), Webhook: hook, Session: ids[0], State: session.DeliveryWaiting})
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.DeleteWebhook(ctx, hook); err != nil || records(t, db, atDelivery)+records(t, db, atWaiting) != 0 {
		t.Errorf("%d of %d messages are left, %v", records(t, db, atDelivery), deliveries, err)
	}

	e := session.Export{ID: "million", Pieces: 6000}
	if err := db.PutExport(ctx, e); err != nil {
		t.Fatal(err)
	}
	if err := db.DropExport(ctx, e.ID, session.Event{}); err != nil {
		t.Errorf("an export of many pieces: %v", err)
	}

	some := make([]session.Session, 1000)
	for i := range some {
		some[i] = commitLong(t, db, i)
	}
	if err := db.clear(ctx, atSubject); err != nil {
		t.Fatal(err)
	}
	if err := db.putSubjects(ctx, some, true); err != nil || records(t, db, atSubject) != len(some) {
		t.Errorf("the subjects of a thousand persons with long names: %v", err)
	}
}

func commitLong(t *testing.T, db *DB, n int) session.Session {
	t.Helper()
	s := storetest.Example(n)
	s.Person.FirstName, s.Person.LastName, s.Person.PlaceOfBirth = letters(500), letters(500), letters(500)
	s, err := db.Commit(t.Context(), session.Change{Session: &s})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMigrateManyAlerts: an upgrade writes a dozen keys for each alert, however many there are.
func TestMigrateManyAlerts(t *testing.T) {
	db, ctx := openTest(t, t.TempDir(), Options{}), t.Context()
	const alerts = 3000
	s := commitExample(t, db, 1)
	if err := db.steps(ctx, "test", alerts, func(t *tx, n int) error {
		a := alertOn(s, n)
		return t.setJSON(of(atAlert).last(a.ID), a)
	}); err != nil {
		t.Fatal(err)
	}
	if err := alertsInOrder(ctx, db); err != nil || records(t, db, atAlertSession) != alerts {
		t.Errorf("%d of %d alerts are found again, %v", records(t, db, atAlertSession), alerts, err)
	}
	if err := turnsOfAlerts(ctx, db); err != nil {
		t.Error(err)
	}
}
