package session_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"dossier/kv"
	"dossier/session"
)

// A flawed store has one session that cannot be read, a disk on which no delivery fits any more, or an
// audit log that takes nothing.
type flawed struct {
	*kv.DB
	bad    session.ID
	full   bool
	broken bool
}

func (f *flawed) Record(ctx context.Context, events ...session.Event) error {
	if f.broken {
		return &session.Error{Code: session.Unavailable, Op: "test", Message: "The log is broken."}
	}
	return f.DB.Record(ctx, events...)
}

func (f *flawed) Session(ctx context.Context, id session.ID) (session.Session, error) {
	if id == f.bad {
		return session.Session{}, &session.Error{Code: session.Internal, Op: "test", Message: "This record is damaged."}
	}
	return f.DB.Session(ctx, id)
}

func (f *flawed) Load(ctx context.Context, ids []session.ID) ([]session.Session, error) {
	return f.DB.Load(ctx, slices.DeleteFunc(slices.Clone(ids), func(id session.ID) bool { return id == f.bad }))
}

func (f *flawed) PutDelivery(ctx context.Context, d session.Delivery) error {
	if f.full {
		return &session.Error{Code: session.NoSpace, Op: "test", Message: "The disk is full."}
	}
	return f.DB.PutDelivery(ctx, d)
}

func TestDamagedSessionHoldsUpNoExpiry(t *testing.T) {
	d := newDesk(t)
	first := d.ingest(session.Submission{Company: "acme"})
	d.pass(time.Second)
	second := d.ingest(session.Submission{Company: "acme"})
	d.pass(30 * 24 * time.Hour)
	svc := session.NewService(session.Options{Store: &flawed{DB: d.db, bad: first.ID}, Index: d.index, Now: d.now})
	if err := svc.ExpireLeft(t.Context()); session.CodeOf(err) != session.Internal {
		t.Errorf("ExpireLeft: %v, want the damage", err)
	}
	if got := d.get(second.ID); got.Status != session.Expired {
		t.Errorf("the session after the damaged one is %s", got.Status)
	}
}

// TestFullDiskSendsOnce: where it cannot be stored that a message has arrived, it is not sent again at once.
func TestFullDiskSendsOnce(t *testing.T) {
	r := newReceiver()
	r.answer(good1, 200)
	d, svc := hookDesk(t, r)
	addHook(t, svc, "acme", good1, session.HookFinished)
	handIn(t, svc, "only", "acme")
	full := session.NewService(session.Options{Store: &flawed{DB: d.db, full: true}, Index: d.index, Now: d.now, Deliverer: r})
	if err := full.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	full.DeliverDue(ctx)
	wantReceived(t, r, good1, "session.finished only")
}

// TestNoLookWithoutTrace: what is shown while the look is written down may not go out when that fails.
func TestNoLookWithoutTrace(t *testing.T) {
	d := newDesk(t)
	got := d.ingest(session.Submission{Company: "acme"})
	shown := 0
	show := func(s session.Session) error {
		if shown++; s.ID != got.ID {
			t.Errorf("shown %s, want %s", s.ID, got.ID)
		}
		return nil
	}
	looks := func() (n int) {
		events, _, err := d.db.Events(t.Context(), session.EventFilter{Session: got.ID, Action: session.ActViewed})
		if err != nil {
			t.Fatal(err)
		}
		return len(events)
	}
	if err := d.ViewWhile(t.Context(), session.System, got.ID, show); err != nil || shown != 1 || looks() != 1 {
		t.Errorf("a look: %v, shown %d times and noted %d times, want once each", err, shown, looks())
	}
	stranger := session.Actor{ID: "member:stranger", Companies: []string{"orbit"}, May: session.System.May}
	if err := d.ViewWhile(t.Context(), stranger, got.ID, show); session.CodeOf(err) != session.NotFound || shown != 1 || looks() != 1 {
		t.Errorf("a stranger's look: %v, shown %d times, noted %d times", err, shown, looks())
	}
	svc := session.NewService(session.Options{Store: &flawed{DB: d.db, broken: true}, Index: d.index, Now: d.now})
	if err := svc.ViewWhile(t.Context(), session.System, got.ID, show); session.CodeOf(err) != session.Unavailable {
		t.Errorf("a look that cannot be noted: %v, want that it failed", err)
	}
	refused := &session.Error{Code: session.Invalid, Op: "test"}
	if err := d.ViewWhile(t.Context(), session.System, got.ID, func(session.Session) error { return refused }); err != refused || looks() != 2 {
		t.Errorf("a page that failed: %v and %d looks, want its own error and the look noted", err, looks())
	}
}

// Only whoever may see a session is told that it is damaged; to others it is not there.
func TestDamagedSessionIsToldToItsCompanyOnly(t *testing.T) {
	d := newDesk(t)
	got := d.ingest(session.Submission{Company: "acme"})
	svc := session.NewService(session.Options{Store: &flawed{DB: d.db, bad: got.ID}, Index: d.index, Now: d.now})
	for _, test := range []struct {
		name string
		by   session.Actor
		want session.Code
	}{
		{"its company", member("acme", session.MayRead), session.Internal},
		{"another company", member("orbit", session.MayRead), session.NotFound},
		{"all companies", session.System, session.Internal},
	} {
		_, err := svc.Get(t.Context(), test.by, got.ID)
		if session.CodeOf(err) != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
		_, absent := svc.Get(t.Context(), test.by, "01J00000000000000000000000")
		if test.want == session.NotFound && session.MessageOf(err) != session.MessageOf(absent) {
			t.Errorf("%s: %q tells it from one that is not there: %q", test.name, session.MessageOf(err), session.MessageOf(absent))
		}
	}
}
