package kv

import (
	"reflect"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"dossier/sanctions"
	"dossier/session"
	"dossier/session/storetest"
)

// TestSubjectsAreWhatScreeningTakes, in a new database and in one from before there were any.
func TestSubjectsAreWhatScreeningTakes(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	var want []session.Session
	put := func(n int, change func(*session.Session)) {
		t.Helper()
		s := storetest.Example(n)
		s.Status = session.Success
		change(&s)
		stored, err := db.Commit(t.Context(), session.Change{Session: &s})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, stored)
	}
	screened := session.Screening{ScreenedAt: time.Date(2026, 3, 2, 9, 0, 0, 123, time.UTC), Status: session.Clear, Matcher: "1", Threshold: 0.83, Person: "f00d",
		Lists: []session.ScreenedList{{ID: "un_sc"}}}
	put(1, func(*session.Session) {})
	put(2, func(s *session.Session) {
		s.Screening = screened
		s.Screening.Reason, s.Screening.WeakMuted = "stale", []string{"un_sc", "opensanctions"}
	})
	put(3, func(s *session.Session) {
		s.Screening, s.Document.Truncated = screened, true
		s.Person.Local = &session.LocalName{FirstName: "ნინო", LastName: "მაგალითი"}
	})
	put(4, func(s *session.Session) {
		s.Screening, s.Document.Truncated = screened, true
		s.Person.Sources = map[string]string{"last_name": session.FromMRZ}
	})
	put(5, func(s *session.Session) {
		s.Screening = screened
		s.Screening.Hits = []session.Hit{{Hit: sanctions.Hit{List: "un_sc", EntryID: "1", Score: 0.9}}}
	})
	put(6, func(s *session.Session) { s.Person = session.Person{} })
	check := func(when string) {
		t.Helper()
		n := 0
		for got, err := range db.Subjects(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			if full, part := part(want[n]), part(got); !reflect.DeepEqual(full, part) {
				t.Errorf("%s: subject %d is\n%+v\nwant\n%+v", when, n, part, full)
			}
			n++
		}
		if n != len(want) {
			t.Errorf("%s: %d subjects of %d sessions", when, n, len(want))
		}
	}
	check("new")
	if n, err := numberUnder(t, db, subjectsKey); n != 1 || err != nil {
		t.Errorf("a new database says %d, %v", n, err)
	}
	err := db.update(t.Context(), "test", func(tx *tx) error { // as it was before there were subjects
		for _, s := range want {
			tx.delete(subjectKey(mustID(t, s.ID)))
		}
		tx.delete(subjectsKey)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	check("old")
	if n, err := numberUnder(t, db, subjectsKey); n != 1 || err != nil {
		t.Errorf("after one walk the database says %d, %v", n, err)
	}
	check("filled")
}

// part is of a session what screening takes.
func part(s session.Session) session.Session {
	kept := session.Session{ID: s.ID, Company: s.Company, Status: s.Status, CreatedAt: s.CreatedAt, Version: s.Version, Screening: s.Screening}
	kept.Screening.Lists, kept.Document.Truncated = nil, s.Document.Truncated
	p := s.Person
	kept.Person = session.Person{FirstName: p.FirstName, LastName: p.LastName, DocumentNumber: p.DocumentNumber, PersonalNumber: p.PersonalNumber,
		Sex: p.Sex, BirthDate: p.BirthDate, Nationality: p.Nationality, PlaceOfBirth: p.PlaceOfBirth, Local: p.Local}
	for _, name := range []string{"first_name", "last_name"} {
		if s.Document.Truncated && p.Sources[name] == session.FromMRZ {
			if kept.Person.Sources == nil {
				kept.Person.Sources = map[string]string{}
			}
			kept.Person.Sources[name] = session.FromMRZ
		}
	}
	return kept
}

// FuzzSubject: no stored bytes make it panic, and what it takes it gives back.
func FuzzSubject(f *testing.F) {
	f.Add(encodeSubject(storetest.Example(1)))
	f.Add([]byte{subjectFull})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := decodeSubjectValue(b)
		if err != nil || s.full {
			return
		}
		again, err := decodeSubjectValue(encodeSubject(s.Session()))
		if err != nil || !reflect.DeepEqual(part(again.Session()), part(s.Session())) {
			t.Errorf("%+v became %+v, %v", s, again, err)
		}
	})
}

func mustID(t *testing.T, id session.ID) ulid.ULID {
	t.Helper()
	u, err := ulid.ParseStrict(string(id))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func numberUnder(t *testing.T, db *DB, k key) (n uint64, err error) {
	t.Helper()
	err = db.view(t.Context(), "test", func(s snapshot) error {
		n, err = getNumber(s, k)
		return err
	})
	return n, err
}
