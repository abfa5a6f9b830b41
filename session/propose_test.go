package session_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dossier/session"
)

var decider = []session.Permission{session.MayRead, session.MayDecide}

func colleague(id string) session.Actor {
	return session.Actor{ID: id, Name: "Name of " + id, Companies: []string{"acme"}, May: decider}
}

func (d *desk) ask(eyes session.FourEyes) {
	d.t.Helper()
	c, err := d.Company(d.t.Context(), session.System, "acme")
	if err == nil {
		c.Settings.FourEyes = eyes
		_, err = d.SaveCompany(d.t.Context(), session.System, c, "test")
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) decide(by string, got session.Session, verdict session.Verdict, note string) (session.Session, error) {
	decision := session.Decision{Version: got.Version, Verdict: verdict, Note: note}
	if verdict == session.VerdictReject {
		decision.Tags = []string{"Fake"}
	}
	return d.Decide(d.t.Context(), colleague(by), got.ID, decision)
}

func TestFourEyes(t *testing.T) {
	d := newDesk(t)
	d.ask(session.FourEyesAll)
	got, err := d.decide("member:a", d.doubtful(), session.VerdictReject, "the photo is a print")
	if err != nil || got.Status != session.AwaitingAction || got.Proposal == nil || got.Verified != nil || got.Proposal.Version != got.Version {
		t.Fatalf("proposed as %+v, %v", got, err)
	}
	for name, refused := range map[string]func() (session.Session, error){
		"by who proposed it": func() (session.Session, error) { return d.decide("member:a", got, session.VerdictApprove, "") },
		"by a program":       func() (session.Session, error) { return d.decide("key:1", got, session.VerdictApprove, "") },
		"another decision":   func() (session.Session, error) { return d.decide("member:b", got, session.VerdictVerify, "") },
		"of what is not so now": func() (session.Session, error) {
			stale := got
			stale.Version--
			return d.decide("member:b", stale, session.VerdictApprove, "")
		},
		"of nothing proposed": func() (session.Session, error) { return d.decide("member:b", d.doubtful(), session.VerdictApprove, "") },
		"nothing to be sent back": func() (session.Session, error) {
			return d.decide("member:b", d.doubtful(), session.VerdictSendBack, "why")
		},
	} {
		if _, err := refused(); session.CodeOf(err) != session.Conflict {
			t.Errorf("%s: %v, want a conflict", name, err)
		}
	}
	if _, err := d.decide("member:b", got, session.VerdictSendBack, " "); session.CodeOf(err) != session.Invalid {
		t.Errorf("sent back without a word: %v", err)
	}
	back, err := d.decide("member:b", got, session.VerdictSendBack, "look at the back side too")
	if err != nil || back.Proposal != nil || back.Status != session.AwaitingAction {
		t.Fatalf("sent back: %+v, %v", back.Proposal, err)
	}
	again, err := d.decide("member:a", back, session.VerdictReject, "and the back side as well")
	if err != nil {
		t.Fatal(err)
	}
	done, err := d.decide("member:b", again, session.VerdictApprove, "agreed")
	if err != nil || done.Status != session.Rejected || done.DecidedBy != "member:b" || strings.Join(done.Tags, "") != "Fake" || done.Proposal != nil {
		t.Fatalf("approved: %+v, %v", done, err)
	}
	events, err := d.Events(t.Context(), session.System, done.ID, 1)
	if err != nil || events[0].Action != session.ActRejected || events[0].Detail["proposed_by"] != "member:a" {
		t.Errorf("the audit log has %+v, %v", events, err)
	}
}

func TestFourEyesForSanctionsOnly(t *testing.T) {
	d := newDesk(t)
	d.ask(session.FourEyesSanctions)
	if got, err := d.decide("member:a", d.doubtful(), session.VerdictVerify, ""); err != nil || got.Status != session.Success {
		t.Errorf("without a hit: %s, %v", got.Status, err)
	}
	hit := d.ingest(good(t, person("VASILON", "KARMEIDES", "1961-04-05", 7)))
	if hit.Status != session.AwaitingAction || len(hit.Screening.Hits) == 0 {
		t.Fatalf("no hit: %s", hit.Status)
	}
	if got, err := d.decide("member:a", hit, session.VerdictVerify, ""); err != nil || got.Proposal == nil {
		t.Errorf("with a hit: %s, %v", got.Status, err)
	}
}

// TestApprovedOnce: two members approve at the same moment, and a third sends it back.
func TestApprovedOnce(t *testing.T) {
	d := newDesk(t)
	d.ask(session.FourEyesAll)
	got, err := d.decide("member:a", d.doubtful(), session.VerdictVerify, "")
	if err != nil {
		t.Fatal(err)
	}
	var done atomic.Int32
	var all sync.WaitGroup
	for by, verdict := range map[string]session.Verdict{"member:b": session.VerdictApprove, "member:c": session.VerdictApprove, "member:d": session.VerdictSendBack, "member:a": session.VerdictApprove} {
		all.Go(func() {
			if _, err := d.decide(by, got, verdict, "at once"); err == nil {
				done.Add(1)
			} else if session.CodeOf(err) != session.Conflict {
				t.Errorf("%s: %v", by, err)
			}
		})
	}
	all.Wait()
	if done.Load() != 1 {
		t.Errorf("%d of four came through", done.Load())
	}
}

func TestAnEditTakesTheProposalBack(t *testing.T) {
	d := newDesk(t)
	d.ask(session.FourEyesAll)
	got, err := d.decide("member:a", d.doubtful(), session.VerdictVerify, "")
	if err != nil {
		t.Fatal(err)
	}
	got, err = d.Amend(t.Context(), colleague("member:a"), got.ID, session.Amendment{Fields: map[string]string{"place_of_birth": "Zenith"}})
	if err != nil || got.Proposal != nil {
		t.Errorf("after an edit: %+v, %v", got.Proposal, err)
	}
}

func TestClaim(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	got := d.doubtful()
	a, b := colleague("member:a"), colleague("member:b")
	master := session.Actor{ID: "member:m", Name: "Master", Companies: []string{"acme"}, May: append(decider, session.MayManage)}
	if _, err := d.Claim(ctx, a, got.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.decide("member:b", got, session.VerdictVerify, ""); session.CodeOf(err) != session.Conflict {
		t.Errorf("somebody else decides: %v", err)
	}
	if err := d.Release(ctx, b, got.ID); session.CodeOf(err) != session.Conflict {
		t.Errorf("somebody else releases: %v", err)
	}
	d.pass(session.ClaimTime - time.Minute)
	if c, err := d.ClaimOf(ctx, a, got); err != nil || c.By != "member:a" { // this is activity
		t.Errorf("the claim is %+v, %v", c, err)
	}
	d.pass(session.ClaimTime - time.Minute)
	if c, err := d.ClaimOf(ctx, b, got); err != nil || c.By != "member:a" {
		t.Errorf("the claim of somebody who looked is %+v, %v", c, err)
	}
	d.pass(2 * time.Minute)
	if c, err := d.ClaimOf(ctx, b, got); err != nil || c.By != "" {
		t.Errorf("the claim is %+v after %s without activity, %v", c, session.ClaimTime, err)
	}
	if _, err := d.Assign(ctx, a, got.ID, b); session.CodeOf(err) != session.Forbidden {
		t.Errorf("an agent assigns: %v", err)
	}
	if _, err := d.Assign(ctx, master, got.ID, member("orbit", decider...)); session.CodeOf(err) != session.Invalid {
		t.Errorf("assigned to somebody of another company: %v", err)
	}
	if _, err := d.Assign(ctx, master, got.ID, b); err != nil {
		t.Fatal(err)
	}
	d.pass(48 * time.Hour)
	if c, err := d.ClaimOf(ctx, b, got); err != nil || c.AssignedBy != "Master" {
		t.Errorf("what b was given and looks at: %+v, %v", c, err)
	}
	if mine, err := d.Mine(ctx, b); err != nil || len(mine) != 1 || mine[0].ID != got.ID {
		t.Errorf("what b was given: %d, %v", len(mine), err)
	}
	if _, err := d.Claim(ctx, a, got.ID, "member:b"); err != nil {
		t.Errorf("taken over: %v", err)
	}
	if now, err := d.decide("member:a", got, session.VerdictVerify, ""); err != nil || now.Status != session.Success {
		t.Errorf("decided by who has it: %v", err)
	}
	if mine, err := d.Mine(ctx, a); err != nil || len(mine) != 0 {
		t.Errorf("after the decision a still has %d, %v", len(mine), err)
	}
	if _, err := d.Claim(ctx, a, got.ID, ""); session.CodeOf(err) != session.Conflict {
		t.Errorf("a decided session is claimed: %v", err)
	}
	if _, err := d.Claim(ctx, member("orbit", decider...), d.doubtful().ID, ""); session.CodeOf(err) != session.NotFound {
		t.Errorf("claimed from another company: %v", err)
	}
	if _, err := d.Claim(ctx, a, d.doubtful().ID, "member:who-never-had-it"); err != nil {
		t.Errorf("taken over from nobody: %v", err)
	}
	events, _, err := d.Activity(ctx, session.System, session.EventFilter{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Action == "" || e.Actor == "" || e.Detail["from"] == "member:who-never-had-it" {
			t.Errorf("the audit log says %+v", e)
		}
	}
}

// TestNextCase: two members who ask again and again never get the same session, and each session once.
func TestNextCase(t *testing.T) {
	d := newDesk(t)
	const cases = 6
	for range cases {
		d.doubtful()
		d.pass(time.Second)
	}
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	seen := map[session.ID]string{}
	var all sync.WaitGroup
	for _, who := range []string{"member:a", "member:b"} {
		all.Go(func() {
			for last := session.ID(""); ; {
				next, err := d.NextCase(t.Context(), colleague(who), session.Query{Lagging: true}, last)
				if err != nil {
					t.Error(err)
				}
				if next == "" || err != nil {
					return
				}
				mu.Lock()
				if other := seen[next]; other != "" {
					t.Errorf("%s goes to %s and to %s", next, other, who)
				}
				seen[next] = who
				mu.Unlock()
				if _, err := d.decide(who, d.get(next), session.VerdictVerify, ""); err != nil {
					t.Error(err)
				}
				last = next
			}
		})
	}
	all.Wait()
	if len(seen) != cases {
		t.Errorf("%d of %d were given out", len(seen), cases)
	}
}

func TestDecideMany(t *testing.T) {
	d := newDesk(t)
	one, changed, claimed, foreign := d.doubtful(), d.doubtful(), d.doubtful(), d.doubtful()
	if _, err := d.Comment(t.Context(), session.System, changed.ID, "look here"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Claim(t.Context(), colleague("member:b"), claimed.ID, ""); err != nil {
		t.Fatal(err)
	}
	picked := []session.Picked{{one.ID, one.Version}, {changed.ID, changed.Version}, {claimed.ID, claimed.Version}, {session.NewID(d.now()), 1}}
	outcomes, err := d.DecideMany(t.Context(), colleague("member:a"), picked, session.Decision{Verdict: session.VerdictReject, Tags: []string{"Spam"}})
	if err != nil || len(outcomes) != len(picked) {
		t.Fatalf("%d outcomes, %v", len(outcomes), err)
	}
	for i, want := range []session.Code{"", session.Conflict, session.Conflict, session.NotFound} {
		if got := session.CodeOf(outcomes[i].Err); got != want {
			t.Errorf("outcome %d: %v, want %q", i, outcomes[i].Err, want)
		}
	}
	if d.get(one.ID).Status != session.Rejected || d.get(changed.ID).Status != session.AwaitingAction || d.get(foreign.ID).Status != session.AwaitingAction {
		t.Error("not the right ones were rejected")
	}
	if _, err := d.DecideMany(t.Context(), colleague("member:a"), picked, session.Decision{Verdict: session.VerdictReject}); session.CodeOf(err) != session.Invalid {
		t.Errorf("without a reason: %v", err)
	}
}

// TestAKeyHasItsMakersEyes: who makes an API key and proposes with it does not approve that.
func TestAKeyHasItsMakersEyes(t *testing.T) {
	d := newDesk(t)
	d.ask(session.FourEyesAll)
	key := colleague("key:1")
	key.Behind = "member:a"
	doubtful := d.doubtful()
	proposed, err := d.Decide(t.Context(), key, doubtful.ID, session.Decision{Version: doubtful.Version, Verdict: session.VerdictVerify})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.decide("member:a", proposed, session.VerdictApprove, ""); session.CodeOf(err) != session.Conflict {
		t.Errorf("approved by who made the key: %v", err)
	}
	if _, err := d.decide("member:b", proposed, session.VerdictApprove, ""); err != nil {
		t.Errorf("approved by another member: %v", err)
	}

	officer := officerOf("acme", "key:1")
	officer.Behind = "member:a"
	alert := d.ingest(good(t, orlindo(2))).Screening.Hits[0].Alert
	if a := d.dispose(officer, alert, session.DispositionNoMatch); a.Disposition.State != session.DispositionProposed {
		t.Fatalf("proposed as %s", a.Disposition.State)
	}
	if _, err := d.Approve(t.Context(), officerOf("acme", "member:a"), alert, "", true, ""); session.CodeOf(err) != session.Conflict {
		t.Errorf("a disposition is approved by who made the key: %v", err)
	}
	if _, err := d.Approve(t.Context(), officerOf("acme", "member:b"), alert, "", true, ""); err != nil {
		t.Errorf("a disposition is approved by another member: %v", err)
	}
}
