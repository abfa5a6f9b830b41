package session_test

import (
	"context"
	"testing"
	"time"

	"dossier/kv"
	"dossier/session"
)

// A flawed store has one session that cannot be read, or a disk on which no delivery fits any more.
type flawed struct {
	*kv.DB
	bad  session.ID
	full bool
}

func (f *flawed) Session(ctx context.Context, id session.ID) (session.Session, error) {
	if id == f.bad {
		return session.Session{}, &session.Error{Code: session.Internal, Op: "test", Message: "This record is damaged."}
	}
	return f.DB.Session(ctx, id)
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
