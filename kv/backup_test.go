package kv

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dossier/sanctions"
	"dossier/session"
	"dossier/session/storetest"
	"dossier/staff"
)

// stocked fills a database with some of everything.
func stocked(t *testing.T, db *DB, sessions int) {
	t.Helper()
	ctx := t.Context()
	for n := range sessions {
		s := storetest.Example(n)
		s.Photos = nil
		if n%5 == 0 {
			sum, err := db.PutPhoto(ctx, crashPhoto(n))
			if err != nil {
				t.Fatal(err)
			}
			s.Photos = []session.Photo{{Kind: session.Selfie, SHA256: sum}}
		}
		e := session.System.Event(s.CreatedAt, session.ActCreated, s.Company, s.ID, nil)
		once := &session.Once{Key: fmt.Sprint("key:", n), Session: s.ID, At: s.CreatedAt}
		alert := session.Alert{ID: fmt.Sprint("alert", n), Session: s.ID, Company: s.Company, RaisedAt: s.CreatedAt, Disposition: session.Disposition{State: session.DispositionOpen}}
		if _, err := db.Commit(ctx, session.Change{Session: &s, Events: []session.Event{e}, Once: once, Alerts: []session.Alert{alert}}); err != nil {
			t.Fatal(err)
		}
	}
	raw := bytes.Repeat([]byte("id,type,name\n1,person,Somebody Listed\n"), 50_000)
	record := session.ListRecord{ListInfo: sanctions.ListInfo{ID: "custom", SHA256: fmt.Sprintf("%x", sha256.Sum256(raw))}}
	if err := db.PutList(ctx, record, raw, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := db.PutCompany(ctx, session.NewCompany("acme", "Acme", time.Now()), session.Event{Action: session.ActSettings}); err != nil {
		t.Fatal(err)
	}
	if err := db.AddMember(ctx, staff.Member{ID: "m1", Email: "a@example.com"}, nil); err != nil {
		t.Fatal(err)
	}
}

// content is every record by key, with its expiry.
func content(t *testing.T, db *DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := db.view(t.Context(), "test", func(s snapshot) error {
		for k, item := range s.scan(span{}) {
			value, err := item.ValueCopy(nil)
			if err != nil {
				return err
			}
			all[string(k)] = fmt.Sprint(item.ExpiresAt(), " ", string(value))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantSame(t *testing.T, got, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if got[k] != v {
			t.Fatalf("the record under %q differs in the copy", k)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("the copy has %d records, want %d", len(got), len(want))
	}
}

// A copy holds record for record what the original held, and proves whole.
func TestBackupAndRestore(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	stocked(t, db, 200)
	want := content(t, db)
	var file bytes.Buffer
	made, err := db.Backup(t.Context(), &file, "test")
	if err != nil || made.Sessions != 200 || made.Records != int64(len(want)) || made.Damaged != 0 {
		t.Fatalf("Backup: %+v, %v; want 200 sessions in %d records", made, err, len(want))
	}

	dir := filepath.Join(t.TempDir(), "a", "store")
	b, err := Restore(t.Context(), dir, &file, Options{}, func(copied *DB, b Backup) error {
		v, err := copied.Verify(t.Context(), nil)
		if err != nil || v.Found > 0 || v.Sessions != 200 || v.Photos != 40 || v.Lists != 1 || v.Events != made.Events {
			t.Errorf("Verify: %+v, %v", v, err)
		}
		return err
	})
	if err != nil || b.Sessions != 200 || b.Records != made.Records || b.Bytes != made.Bytes || b.Program != "test" {
		t.Fatalf("Restore: %+v, %v", b, err)
	}
	copied := openTest(t, dir, Options{})
	wantSame(t, content(t, copied), want)
	commitExample(t, copied, 1000) // it can be written
	if n := wholeChain(t, copied); n != made.Events+1 {
		t.Errorf("%d events, want %d", n, made.Events+1)
	}
	if _, err := Restore(t.Context(), dir, &file, Options{}, nil); session.CodeOf(err) != session.Conflict {
		t.Errorf("Restore over a database: %v, want Conflict", err)
	}
}

// A backup is of one moment, whatever is written meanwhile: every session in it has its event, and the
// chain is whole.
func TestBackupUnderLoad(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	for n := range 300 {
		commitExample(t, db, n)
	}
	var stop atomic.Bool
	done := make(chan error)
	go func() {
		var failed error
		for n := 300; !stop.Load() && failed == nil; n++ {
			s := storetest.Example(n)
			e := session.System.Event(s.CreatedAt, session.ActCreated, s.Company, s.ID, nil)
			_, failed = db.Commit(t.Context(), session.Change{Session: &s, Events: []session.Event{e}})
		}
		done <- failed
	}()
	for range 3 {
		var file bytes.Buffer
		if _, err := db.Backup(t.Context(), &file, "test"); err != nil {
			t.Fatal(err)
		}
		_, err := Restore(t.Context(), filepath.Join(t.TempDir(), "store"), &file, Options{}, func(copied *DB, b Backup) error {
			if n := wholeSessions(t, copied); n != b.Sessions || n < 300 {
				t.Errorf("%d sessions, %d were announced", n, b.Sessions)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	stop.Store(true)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Whatever is cut off, flipped or added, the backup is refused and nothing is left. Only a bit that does not
// change what the compression unpacks to may pass: the sum is over that.
func TestDamagedBackup(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	for n := range 20 {
		commitExample(t, db, n)
	}
	var file bytes.Buffer
	if _, err := db.Backup(t.Context(), &file, "test"); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	want, err := ReadBackup(bytes.NewReader(whole), nil, nil)
	if err != nil || want.Sessions != 20 {
		t.Fatalf("ReadBackup: %+v, %v", want, err)
	}
	head := len(backupMagic) + bytes.IndexByte(whole[len(backupMagic):], '\n')
	refused := func(what string, data []byte) {
		t.Helper()
		b, err := ReadBackup(bytes.NewReader(data), nil, nil)
		if session.CodeOf(err) != session.Invalid {
			t.Errorf("%s: ReadBackup gives %+v, %v; want it refused", what, b, err)
		}
	}
	for n := 0; n < len(whole); n += 1 + len(whole)/150 {
		refused(fmt.Sprintf("cut off after %d of %d bytes", n, len(whole)), whole[:n])
		flipped := bytes.Clone(whole)
		flipped[n] ^= 0x20
		if got, err := ReadBackup(bytes.NewReader(flipped), nil, nil); err == nil && n > head && got.Records == want.Records && got.Bytes == want.Bytes {
			continue
		}
		refused(fmt.Sprintf("byte %d flipped", n), flipped)
	}
	refused("the last byte is gone", whole[:len(whole)-1])
	refused("something stands behind it", append(bytes.Clone(whole), 'x'))
	refused("two backups in one", append(bytes.Clone(whole), whole...))
	refused("a line that never ends", append([]byte(backupMagic), bytes.Repeat([]byte("x"), 1<<20)...))
	refused("another form", []byte(strings.Replace(string(whole), "BACKUP 1", "BACKUP 2", 1)))

	parent := t.TempDir()
	dir := filepath.Join(parent, "store")
	if _, err := Restore(t.Context(), dir, bytes.NewReader(whole[:len(whole)-40]), Options{}, nil); session.CodeOf(err) != session.Invalid {
		t.Errorf("Restore of half a backup: %v", err)
	}
	bad := errors.New("not accepted")
	if _, err := Restore(t.Context(), dir, bytes.NewReader(whole), Options{}, func(*DB, Backup) error { return bad }); !errors.Is(err, bad) {
		t.Errorf("Restore that is not accepted: %v", err)
	}
	newer := strings.Replace(string(whole), fmt.Sprintf(`"schema":%d`, len(migrations)), `"schema":9`, 1)
	if _, err := Restore(t.Context(), dir, strings.NewReader(newer), Options{}, nil); session.CodeOf(err) != session.Unavailable {
		t.Errorf("Restore of a newer backup: %v, want Unavailable", err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

// Records that are damaged in the database are said, and the others are in the backup.
func TestBackupOfDamage(t *testing.T) {
	db := openTest(t, "", Options{Memory: true})
	stocked(t, db, 10)
	err := db.update(t.Context(), "test", func(tx *tx) error {
		k := of(atCompany).last("acme")
		value, _, err := tx.get(k)
		value = bytes.Clone(value)
		value[len(value)-2] ^= 1
		tx.set(k, value)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if b, err := db.Backup(t.Context(), &file, "test"); err != nil || b.Damaged != 1 {
		t.Errorf("Backup: %+v, %v; want one damaged record", b, err)
	}
	if v, err := db.Verify(t.Context(), nil); err != nil || v.Found != 1 {
		t.Errorf("Verify: %+v, %v; want one problem", v, err)
	}
}

// FuzzReadBackup reads what is no backup: it must say so, and neither panic nor take more than it is given.
func FuzzReadBackup(f *testing.F) {
	db, err := Open("", Options{Memory: true})
	if err != nil {
		f.Fatal(err)
	}
	defer db.Close()
	var file bytes.Buffer
	if _, err := db.Backup(f.Context(), &file, "test"); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte(backupMagic + "{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		last := ""
		_, err := ReadBackup(bytes.NewReader(data), nil, func(r Record) error {
			if string(r.Key) <= last {
				t.Errorf("key %q comes after %q", r.Key, last)
			}
			last = string(r.Key)
			return nil
		})
		if err != nil && session.CodeOf(err) != session.Invalid {
			t.Errorf("%v, want Invalid", err)
		}
	})
}
