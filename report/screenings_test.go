package report

import (
	"bytes"
	"testing"
	"time"

	"dossier/sanctions"
	"dossier/session"
)

// screenings is a report of an invented month.
func screenings() Screenings {
	day := func(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }
	hit := func(id, name, person string, raised time.Time, by string, last session.Turn, decided time.Time) session.ReportedHit {
		last.Person, last.Entry, last.Name, last.Score = person, id, name, 0.9132
		return session.ReportedHit{Turn: last, Alert: "a" + id, Session: "01KJPWDFD88CDEK0SX69P9JHG3", Company: "acme", List: "un_sc",
			RaisedAt: raised, RaisedBy: by, Version: "2026-03-02", Published: day(2, 8), DecidedAt: decided}
	}
	run := session.Run{ID: "01KJPZV2808X0AQJ20GJ5Q9VKF", Trigger: "list:un_sc", Status: session.RunDone, StartedAt: day(2, 9), FinishedAt: day(2, 10), Delta: true, Entries: 12,
		Coverage: session.Coverage{Population: 1200, Screened: 1100, Failed: 1, Excluded: map[string]int{"no person yet": 99}, NewHits: 2, Alerts: 2}}
	return Screenings{By: "Nino Example", Names: func(id string) string {
		return map[string]string{"member:1": "Nino Example", "member:2": "Otto Example"}[id]
	}, ScreeningReport: session.ScreeningReport{
		ReportWish: session.ReportWish{From: day(1, 0), To: day(31, 24)}, Made: day(31, 12), Population: run.Coverage, CountedBy: run.ID,
		Lists: []session.ListSpan{
			{ListRecord: session.ListRecord{ListInfo: sanctions.ListInfo{ID: "un_sc", Version: "2026-03-02", Published: day(2, 8), SHA256: "9f2b", Entries: 1002}, LoadedAt: day(2, 9), Added: 10, Changed: 2}},
			{ListRecord: session.ListRecord{ListInfo: sanctions.ListInfo{ID: "custom", Version: "loaded 2026-02-01", SHA256: "11aa", Entries: 3}, LoadedAt: day(1, 0).AddDate(0, -1, 0),
				Retired: &session.Retirement{At: day(5, 0), By: "member:1", Reason: "=loaded by mistake"}}, Until: day(5, 0)},
		},
		Runs: []session.Run{run, {ID: "01KJPZV2808X0AQJ20GJ5Q9VKG", Trigger: "schedule", Status: session.RunRunning, StartedAt: day(30, 23), Stops: []session.RunStop{{Status: session.RunCancelled, At: day(31, 1), ResumedAt: day(31, 2)}}}},
		Alerts: []session.ReportedHit{
			hit("110447", "ORLINDO BRASTEMAR", "Orlindo Brastemar", day(2, 10), run.ID, session.Turn{State: session.DispositionNoMatch, Reason: "birth_date_differs", Text: "Another father's name.", By: "member:1", Second: "member:2", At: day(2, 15)}, day(2, 15)),
			hit("110448", "ВАСИЛОН КАРМЕЙДЕС", "Vasilon Karmeides", day(2, 10), run.ID, session.Turn{State: session.DispositionOpen}, time.Time{}),
		},
		Raised: 2, Decided: map[string]int{"no_match": 1}, Undecided: map[string]int{"open": 1},
		ToAlert: session.Durations{N: 2, Median: 2 * time.Hour, P95: 2 * time.Hour, Worst: 2 * time.Hour},
		InQueue: session.Durations{N: 1, Median: 5 * time.Hour, P95: 5 * time.Hour, Worst: 5 * time.Hour},
	}}
}

func TestScreeningsCSV(t *testing.T) {
	var out bytes.Buffer
	if err := ScreeningsCSV(&out, screenings()); err != nil {
		t.Fatal(err)
	}
	golden(t, "screenings.csv", out.Bytes())
}

func TestScreeningsPDFIsTheSameEachTime(t *testing.T) {
	var one, two bytes.Buffer
	for _, out := range []*bytes.Buffer{&one, &two} {
		if err := WriteScreenings(out, screenings()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.HasPrefix(one.Bytes(), []byte("%PDF-")) || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("%d and %d bytes", one.Len(), two.Len())
	}
	var empty bytes.Buffer
	if err := WriteScreenings(&empty, Screenings{}); err != nil || empty.Len() == 0 {
		t.Errorf("a report of nothing: %v", err)
	}
}
