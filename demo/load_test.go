package demo_test

import (
	"context"
	"testing"
	"time"

	"dossier/demo"
	"dossier/index"
	"dossier/kv"
	"dossier/session"
)

var now = time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC)

// TestLoad runs every case through the real back office in memory: each must come out as it was
// thought up, and the list must find those it was written for.
func TestLoad(t *testing.T) {
	ctx := context.Background()
	clock := new(demo.Clock)
	db, err := kv.Open("", kv.Options{Memory: true, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	idx, err := index.Open("", index.Options{Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	defer idx.Close()
	svc := session.NewService(session.Options{Store: db, Index: idx, Now: clock.Now})
	if err := svc.Start(ctx); err != nil {
		t.Fatal(err)
	}
	agent, master := session.System, session.System
	agent.ID, agent.Name, master.ID, master.Name = "member:a", "Nino Example", "member:b", "Sam Sample"
	start := time.Now()
	if err := demo.Load(ctx, svc, clock, now, demo.Reviewers{Agent: agent, Master: master}); err != nil {
		t.Fatal(err)
	}
	t.Log("loaded in", time.Since(start))
	for s, err := range svc.Each(ctx, session.System) {
		if err != nil {
			t.Fatal(err)
		}
		f := ""
		for _, x := range s.Findings {
			f += " [" + x.Text + "]"
		}
		t.Log(s.ID.Time().Format("01-02 15:04"), s.Company, s.Person.FullName(), s.Person.Nationality, s.Document.Type, s.Status, s.Tags, s.Screening.Status, len(s.Photos), len(s.Notes), f)
	}
}
