package session

import "time"

// A Run is one re-screening of stored persons, and its proof of coverage: when it is done,
// Screened + Failed + Excluded = Population.
type Run struct {
	ID         string         `json:"id"`      // ULID
	Trigger    string         `json:"trigger"` // "schedule", "manual", "start", "retry", "lists", "list:un_sc" or "retired:un_sc"
	By         string         `json:"by"`
	Status     RunStatus      `json:"status"`
	BeganAt    time.Time      `json:"began_at,omitzero"` // for the first time; zero while it waits
	StartedAt  time.Time      `json:"started_at"`        // when it was asked for, until it begins; then when it last began from the first session
	FinishedAt time.Time      `json:"finished_at,omitzero"`
	Lists      []ScreenedList `json:"lists"`
	Matcher    string         `json:"matcher"`
	Delta      bool           `json:"changes_only,omitempty"` // everybody had met the lists before: only what changed was compared
	Entries    int            `json:"entries,omitempty"`      // how many entries had changed
	Sessions   []ID           `json:"sessions,omitempty"`     // only these: those that failed in another run
	Coverage
	Companies map[string]*Coverage `json:"companies,omitempty"` // the same counts, of each company
	Failures  []RunFailure         `json:"failures,omitempty"`  // the first of those that failed
	Cursor    ID                   `json:"cursor,omitempty"`    // the last session done; a resumed run goes on after it
	Problem   string               `json:"problem,omitempty"`
	Stops     []RunStop            `json:"stops,omitempty"` // how often it was resumed, oldest first
}

// A Coverage counts what a run did to whom.
type Coverage struct {
	Population int            `json:"population"`
	Screened   int            `json:"screened"`
	Failed     int            `json:"failed"`
	Excluded   map[string]int `json:"excluded,omitempty"` // by reason
	NewHits    int            `json:"new_hits"`
	Changed    int            `json:"changed_hits"`
	Gone       int            `json:"gone_hits"`
	Alerts     int            `json:"alerts"`
}

// A RunFailure is a session that a run could not screen.
type RunFailure struct {
	Session ID     `json:"session"`
	Why     string `json:"why"`
}

// maxFailures is how many failures a run names; when there are more, it is carried out anew as a whole.
const maxFailures = 1000

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

// Going reports whether the run is not over.
func (r Run) Going() bool { return r.Status == RunQueued || r.Status == RunRunning }

// A Confirmation says of a stretch of sessions that a run compared them and found what they hold.
type Confirmation struct {
	After, To ID        // those after the one, up to and with the other
	Except    []ID      // but not these: they were left out, or failed
	At        time.Time // before they were read: of what changed since, it says nothing
}

// ExcludedTotal is how many persons were left out, for all reasons.
func (c Coverage) ExcludedTotal() int {
	n := 0
	for _, v := range c.Excluded {
		n += v
	}
	return n
}

// Covered is how many persons are accounted for: at the end it must be the population.
func (c Coverage) Covered() int { return c.Screened + c.Failed + c.ExcludedTotal() }

// Whole reports whether every person is accounted for.
func (c Coverage) Whole() bool { return c.Covered() == c.Population }

func (c *Coverage) exclude(why string, n int) {
	if c.Excluded == nil {
		c.Excluded = map[string]int{}
	}
	c.Excluded[why] += n
}

// add adds the counts of another.
func (c *Coverage) add(o Coverage) {
	c.Population += o.Population
	c.Screened += o.Screened
	c.Failed += o.Failed
	c.NewHits += o.NewHits
	c.Changed += o.Changed
	c.Gone += o.Gone
	c.Alerts += o.Alerts
	for why, n := range o.Excluded {
		c.exclude(why, n)
	}
}

// count adds one person's counts, to the total and to the company's.
func (r *Run) count(company string, o Coverage) {
	r.add(o)
	if r.Companies == nil {
		r.Companies = map[string]*Coverage{}
	}
	if r.Companies[company] == nil {
		r.Companies[company] = &Coverage{}
	}
	r.Companies[company].add(o)
}

func (r *Run) fail(id ID, why string) {
	if len(r.Failures) < maxFailures {
		r.Failures = append(r.Failures, RunFailure{id, clip(why, 300)})
	}
}

// startOver forgets how far the run was, but not what it found: whom it has rewritten it finds as they are.
func (r *Run) startOver() {
	fresh := Run{ID: r.ID, Trigger: r.Trigger, By: r.By, Status: r.Status, BeganAt: r.BeganAt, StartedAt: r.StartedAt, Sessions: r.Sessions, Stops: r.Stops}
	for company, c := range r.Companies {
		fresh.count(company, Coverage{NewHits: c.NewHits, Changed: c.Changed, Gone: c.Gone, Alerts: c.Alerts})
	}
	*r = fresh
}

// asSeenBy is the run as far as it concerns the companies that the actor sees. Who may start runs sees the
// sums of all of them.
func (r Run) asSeenBy(actor Actor) Run {
	if actor.Everyone {
		return r
	}
	seen := Run{ID: r.ID, Trigger: r.Trigger, Status: r.Status, BeganAt: r.BeganAt, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt,
		Lists: r.Lists, Matcher: r.Matcher, Delta: r.Delta, Entries: r.Entries}
	for company, c := range r.Companies {
		if actor.Sees(company) {
			seen.count(company, *c)
		}
	}
	if actor.Can(MayList) {
		seen.Coverage, seen.By, seen.Problem = r.Coverage, r.By, r.Problem
	}
	for _, stop := range r.Stops {
		was := Run{Coverage: stop.Coverage, Companies: stop.Companies}.asSeenBy(actor)
		stop.Coverage, stop.Companies = was.Coverage, was.Companies
		if !actor.Can(MayList) {
			stop.Problem, stop.ResumedBy = "", ""
		}
		seen.Stops = append(seen.Stops, stop)
	}
	return seen
}
