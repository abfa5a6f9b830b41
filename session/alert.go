package session

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// An Alert is a hit that somebody must look at. There is one for a session and an entry; the same
// facts never raise a second one.
type Alert struct {
	ID          string      `json:"id"`
	Session     ID          `json:"session"`
	Company     string      `json:"company"`
	Person      string      `json:"person"` // name as screened
	Hit         Hit         `json:"hit"`
	RaisedAt    time.Time   `json:"raised_at"`
	RaisedBy    string      `json:"raised_by"` // "ingest", "edit" or the id of a run
	Disposition Disposition `json:"disposition"`
}

// AlertID is the id of the alert that entry on list raises for a session.
func AlertID(id ID, list, entry string) string {
	sum := sha256.Sum256([]byte(string(id) + "\x00" + list + "\x00" + entry))
	return hex.EncodeToString(sum[:12])
}

// A Run is one re-screening of stored persons, and its proof of coverage: when it is done,
// Screened + Failed + Excluded = Population.
type Run struct {
	ID         string         `json:"id"`      // ULID
	Trigger    string         `json:"trigger"` // "schedule", "manual" or "list:un_sc"
	By         string         `json:"by"`
	Status     RunStatus      `json:"status"`
	StartedAt  time.Time      `json:"started_at"`
	FinishedAt time.Time      `json:"finished_at,omitzero"`
	Lists      []ScreenedList `json:"lists"`
	Matcher    string         `json:"matcher"`
	Entries    int            `json:"entries,omitempty"` // changed entries compared; 0 means whole lists
	Population int            `json:"population"`
	Screened   int            `json:"screened"`
	Failed     int            `json:"failed"`
	Excluded   map[string]int `json:"excluded,omitempty"` // by reason
	NewHits    int            `json:"new_hits"`
	Changed    int            `json:"changed_hits"`
	Gone       int            `json:"gone_hits"`
	Alerts     int            `json:"alerts"`
	Cursor     ID             `json:"cursor,omitempty"` // the last session done; a resumed run goes on after it
	Problem    string         `json:"problem,omitempty"`
}

// A RunStatus says how far a run is.
type RunStatus string

// The statuses of a [Run].
const (
	RunQueued    RunStatus = "queued"
	RunRunning   RunStatus = "running"
	RunDone      RunStatus = "done"
	RunFailed    RunStatus = "failed"
	RunCancelled RunStatus = "cancelled"
)

// ExcludedTotal is how many persons the run left out, for all reasons.
func (r Run) ExcludedTotal() int {
	n := 0
	for _, v := range r.Excluded {
		n += v
	}
	return n
}
