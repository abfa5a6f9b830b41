package session_test

import (
	"strings"
	"testing"
	"time"

	"dossier/session"
)

// TestReplayWithTheListsOfTheDay: what was found comes out again, whatever the lists say now, and what
// was altered in the store is told.
func TestReplayWithTheListsOfTheDay(t *testing.T) {
	d := newDesk(t)
	d.drain()
	got := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
	never := d.ingest(session.Submission{Company: "acme"})
	v1 := d.lists()[0].SHA256
	d.pass(time.Hour)
	v2 := listV1 + "X-9,person,Pedro Novakulis,,1980-02-03,,,EXAMPLE\nX-10,person,Petra Novakova,,1981,,,EXAMPLE\n"
	d.load(v2) // he becomes a hit
	d.drain()
	d.pass(time.Hour)
	d.load(v2 + "X-11,person,Somebody Else,,1981,,,EXAMPLE\n") // nothing of his: a run confirms him
	d.drain()
	want := map[string]bool{}
	for _, l := range d.history() {
		want[l.SHA256] = true
	}
	auditor := member("acme", session.MayRead)
	replays, err := d.Replay(t.Context(), auditor, got.ID)
	if err != nil || len(replays) != 3 {
		t.Fatalf("%d replays, %v", len(replays), err)
	}
	for i, r := range replays {
		if !r.Same || r.Problem != "" || r.Confirmed != (i == 0) || (r.Hits == 1) != (i < 2) || !want[r.Lists[0].SHA256] {
			t.Errorf("replay %d is %+v", i, r)
		}
		delete(want, r.Lists[0].SHA256)
	}
	if replays[2].Lists[0].SHA256 != v1 || len(want) != 0 {
		t.Errorf("the first was with %s; never used: %v", replays[2].Lists[0].SHA256, want)
	}
	stored := d.get(got.ID)
	if q := stored.Screening.Query; q == nil || q.LastName != "NOVAKULIS" || len(stored.PastScreenings) != 1 || stored.PastScreenings[0].Status != session.Clear {
		t.Errorf("kept are %+v and %+v", stored.Screening.Query, stored.PastScreenings)
	}

	forged, err := d.db.Session(t.Context(), got.ID)
	if err != nil {
		t.Fatal(err)
	}
	forged.PastScreenings[0].Query.LastName = "KARMEIDES"
	forged.PastScreenings[0].Query.FirstName = "VASILON"
	forged.Screening.Hits[0].Score = 0.5
	forged.Screening.Matcher = "0"
	if _, err := d.db.Commit(t.Context(), session.Change{Session: &forged}); err != nil {
		t.Fatal(err)
	}
	if replays, err = d.Replay(t.Context(), auditor, got.ID); err != nil {
		t.Fatal(err)
	}
	now, first := replays[len(replays)-2], replays[len(replays)-1]
	if now.Same || !now.OtherMatcher() || len(now.Differences) == 0 || now.Differences[0].What != "another score" || now.Differences[0].Then != 0.5 {
		t.Errorf("with another score: %+v", now)
	}
	if first.Same || first.OtherMatcher() || !strings.Contains(first.Differences[0].What, "is a hit, and was none") {
		t.Errorf("with another person: %+v", first)
	}
	if _, err := d.Replay(t.Context(), member("orbit", session.MayRead), got.ID); session.CodeOf(err) != session.NotFound {
		t.Errorf("another company's: %v", err)
	}
	if _, err := d.Replay(t.Context(), auditor, never.ID); session.CodeOf(err) != session.Conflict {
		t.Errorf("of somebody who was never screened: %v", err)
	}
	d.wantWholeAudit()
}

func (d *desk) lists() []session.ListRecord {
	d.t.Helper()
	all, err := d.Lists(session.System)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func (d *desk) history() []session.ListRecord {
	d.t.Helper()
	all, err := d.ListHistory(d.t.Context(), session.System, "custom")
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// TestReplayWithMutedAliases: a screening keeps whose weak aliases were muted, and is repeated so whatever
// the settings are by then. A run after a change of that setting notes it with everybody.
func TestReplayWithMutedAliases(t *testing.T) {
	d := newDesk(t)
	mute := func(lists ...string) {
		t.Helper()
		c, err := d.Company(t.Context(), session.System, "acme")
		if err != nil {
			t.Fatal(err)
		}
		c.Settings.WeakMuted = lists
		if _, err := d.SaveCompany(t.Context(), session.System, c, "a test"); err != nil {
			t.Fatal(err)
		}
	}
	rescreen := func() session.Run {
		t.Helper()
		d.pass(time.Hour)
		if _, err := d.Rescreen(t.Context(), session.System, "manual"); err != nil {
			t.Fatal(err)
		}
		d.drain()
		return d.lastRun()
	}
	mute("opensanctions")
	list := `{"id":"NK-1","schema":"Person","properties":{"name":["Vasilon Karmeides"],"weakAlias":["Pedro Novakulis"],"topics":["sanction"]}}`
	if _, err := d.UpdateList(t.Context(), session.System, session.ListUpdate{List: "opensanctions", Source: "list.json", Raw: []byte(list + "\n")}); err != nil {
		t.Fatal(err)
	}
	d.drain()
	got := d.ingest(good(t, person("PEDRO", "NOVAKULIS", "1980-02-03", 1)))
	if len(got.Screening.Hits) != 0 || len(got.Screening.WeakMuted) != 1 {
		t.Fatalf("muted: %d hits, muted were %v", len(got.Screening.Hits), got.Screening.WeakMuted)
	}
	rescreen()
	if now := d.get(got.ID).Screening; now.Status != session.Clear || now.Run != d.lastRun().ID {
		t.Errorf("as before: %s, by %q", now.Status, now.Run)
	}
	mute()
	rescreen()
	if now := d.get(got.ID).Screening; len(now.Hits) != 1 || len(now.WeakMuted) != 0 {
		t.Fatalf("loud: %d hits, muted were %v", len(now.Hits), now.WeakMuted)
	}
	replays, err := d.Replay(t.Context(), session.System, got.ID)
	if err != nil || len(replays) != 2 {
		t.Fatalf("%d replays, %v", len(replays), err)
	}
	for i, r := range replays {
		if !r.Same {
			t.Errorf("replay %d: %+v", i, r)
		}
	}
}
