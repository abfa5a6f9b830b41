package kv

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/dgraph-io/badger/v4"

	"dossier/session"
)

// Verified is what a look at everything in the database found.
type Verified struct {
	Sessions int              `json:"sessions"`
	Photos   int              `json:"photos"`
	Lists    int              `json:"lists"`  // raw files of lists
	Events   int              `json:"events"` // of the audit log
	Records  int64            `json:"records"`
	Found    int              `json:"found"`              // problems
	Problems map[Part]Problem `json:"problems,omitempty"` // by part
}

// A Part is a part of the database that can be damaged by itself.
type Part string

// The parts of the database.
const (
	PartTables   Part = "tables"
	PartRecords  Part = "records"
	PartSessions Part = "sessions"
	PartPhotos   Part = "photos"
	PartLists    Part = "lists"
	PartAudit    Part = "audit"
)

// A Problem is what is not as it was stored in one part.
type Problem struct {
	Count int      `json:"count"`
	First []string `json:"first"` // the first maxProblems of them, without personal data
}

const maxProblems = 50

func (v *Verified) add(part Part, format string, args ...any) {
	v.Found++
	p := v.Problems[part]
	if p.Count++; len(p.First) < maxProblems {
		p.First = append(p.First, fmt.Sprintf(format, args...))
	}
	if v.Problems == nil {
		v.Problems = map[Part]Problem{}
	}
	v.Problems[part] = p
}

// Verify looks at everything: the checksums of the tables and of every record, whether each session
// decodes and has its photos, whether each photo and each raw list gives its SHA-256, and whether the audit
// chain is whole. It reads one snapshot, while others read and write. The error is for what keeps it from
// looking; what it finds is in Verified. step, if not nil, hears how many records were looked at.
func (db *DB) Verify(ctx context.Context, step func(records int64)) (v Verified, err error) {
	const op = "kv.Verify"
	err = db.view(ctx, op, func(s snapshot) (err error) {
		defer faultsAsErrors(&err)()
		if err := db.verifyTables(); err != nil {
			v.add(PartTables, "%s", firstLine(err))
		}
		schema, err := getNumber(s, schemaKey)
		if err != nil {
			return err
		}
		w := verifier{Verified: &v, db: db, s: s, step: step, older: int(schema) < len(migrations)}
		if err := w.records(ctx, op); err != nil {
			return err
		}
		w.counts(op)
		return nil
	})
	return v, err
}

func (db *DB) verifyTables() (err error) {
	defer faultsAsErrors(&err)() // Badger panics on some damages
	return db.badger.VerifyChecksum()
}

// faultsAsErrors lets a read beyond the end of a mapped file, which would end the process, become an
// error of the caller. Defer what it returns.
func faultsAsErrors(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if r := recover(); r != nil {
			*err = fmt.Errorf("kv: a file of the database is damaged: %v\n%s", r, debug.Stack())
		}
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// A verifier walks through a snapshot.
type verifier struct {
	*Verified
	db    *DB
	s     snapshot
	step  func(int64)
	chain session.Chain
	torn  bool // the audit chain: the first broken link is enough
	older bool // the schema: which records carry a checksum may have been otherwise
}

func (w *verifier) records(ctx context.Context, op string) error {
	for k, item := range w.s.scan(span{}) {
		w.Records++
		if err := w.record(op, k, item); err != nil {
			w.add(PartRecords, "a record under %q cannot be read: %s", k[:1], firstLine(err))
		}
		if w.Records%1024 == 0 {
			if err := w.db.walkEnded(ctx, op); err != nil {
				return err
			}
			if w.step != nil {
				w.step(w.Records)
			}
		}
	}
	return w.db.walkEnded(ctx, op)
}

func (w *verifier) record(op string, k key, item *badger.Item) error {
	if k[0] == atPhotoChunk || k[0] == atRawChunk { // looked at as a whole
		return nil
	}
	return item.Value(func(value []byte) error {
		switch k[0] {
		case atSession:
			w.session(op, k, value)
		case atEvent:
			w.event(k, value)
		case atPhoto:
			w.Photos++
			w.blob(op, PartPhotos, photos, k[1:])
		case atRaw:
			w.Lists++
			w.blob(op, PartLists, rawLists, k[1:])
		case atHistory:
			w.list(op, k, value)
		default:
			if !w.older && checkValue(k, value) != nil {
				w.add(PartRecords, "a record under %q is damaged", k[:1])
			}
		}
		return nil
	})
}

func (w *verifier) session(op string, k key, value []byte) {
	w.Sessions++
	got, err := decodeSession(op, k, value)
	if err != nil {
		w.add(PartSessions, "session %s is damaged", idAt(k[1:]))
		return
	}
	for _, p := range got.Photos {
		sum, ok := parseHash(p.SHA256)
		if !ok {
			continue
		}
		if _, there, err := w.s.get(of(atPhoto).bytes(sum)); err == nil && !there {
			w.add(PartSessions, "session %s names the photo %s, which is missing", got.ID, p.SHA256)
			return
		}
	}
}

func (w *verifier) event(k key, value []byte) {
	w.Events++
	e, err := decodeEvent("kv.Verify", k, value)
	if err == nil && !w.torn {
		err = w.chain.Check(e)
	}
	if err != nil && !w.torn {
		w.torn = true
		w.add(PartAudit, "the audit chain is broken after event %d: %s", w.chain.Seq, err)
	}
}

func (w *verifier) blob(op string, part Part, kind blobKind, sum []byte) {
	if _, err := readBlob(w.s, op, kind, sum); err != nil {
		w.add(part, "the %s %s is damaged", kind.what, hex.EncodeToString(sum))
	}
}

// list looks at a version of a list: its raw file must be there.
func (w *verifier) list(op string, k key, value []byte) {
	var l session.ListRecord
	if err := unsealJSON(k, value, &l); err != nil {
		w.add(PartLists, "the record of a list is damaged")
		return
	}
	sum, ok := parseHash(l.SHA256)
	if !ok {
		return
	}
	if _, there, err := w.s.get(of(atRaw).bytes(sum)); err == nil && !there {
		w.add(PartLists, "the file %s of the list %s is missing", l.SHA256, l.ID)
	}
}

// counts compares what was met with what was counted: damaged tables lose keys without a word.
func (w *verifier) counts(op string) {
	if err := w.s.checkCount(op, uint64(w.Sessions)); err != nil {
		w.add(PartSessions, "%s", cause(err))
		for d := range w.s.eachMissed(op, func(_ snapshot, k, value []byte) (session.Session, error) { return decodeSession(op, k, value) }) {
			if d.err != nil {
				w.add(PartSessions, "session %s cannot be read", idAt(d.key[1:]))
			}
		}
	}
	if err := w.s.checkEnd(op, uint64(w.Events)); err != nil && !w.torn {
		w.add(PartAudit, "%s", cause(err))
	}
}

// cause is what an operator is told: the reason behind the message for everybody.
func cause(err error) string {
	var e *session.Error
	if errors.As(err, &e) && e.Err != nil {
		return e.Err.Error()
	}
	return err.Error()
}
