package session

import "time"

// A RunStop is how a run stood when it was cancelled or broke off, noted when somebody resumes it. Stops are
// added and never changed, so that the report of a past period comes out the same years later, whatever
// became of the run since.
type RunStop struct {
	Status    RunStatus      `json:"status"`
	At        time.Time      `json:"at"`
	Problem   string         `json:"problem,omitempty"`
	ResumedAt time.Time      `json:"resumed_at"`
	ResumedBy string         `json:"resumed_by,omitempty"`
	Lists     []ScreenedList `json:"lists"`
	Matcher   string         `json:"matcher"`
	Delta     bool           `json:"changes_only,omitempty"`
	Entries   int            `json:"entries,omitempty"`
	Coverage
	Companies map[string]*Coverage `json:"companies,omitempty"`
}

// maxStops bounds how often a run is resumed.
const maxStops = 100

// resume lets a run that is over wait again, and notes how it stood.
func (r *Run) resume(by string, at time.Time) {
	r.Stops = append(r.Stops, RunStop{Status: r.Status, At: r.FinishedAt, Problem: r.Problem, ResumedAt: at, ResumedBy: by,
		Lists: r.Lists, Matcher: r.Matcher, Delta: r.Delta, Entries: r.Entries, Coverage: r.Coverage, Companies: r.Companies})
	r.BeganAt = r.Began()
	r.Status, r.Problem, r.FinishedAt = RunQueued, "", time.Time{}
}

// Began is when the run began for the first time, zero where it never did. One of before that was noted
// began when it last started.
func (r Run) Began() time.Time {
	if r.BeganAt.IsZero() && r.Matcher != "" {
		return r.StartedAt
	}
	return r.BeganAt
}

// Took is how long the run was at work, without the times in which it was stopped.
func (r Run) Took() time.Duration {
	if r.FinishedAt.IsZero() || r.Began().IsZero() {
		return 0
	}
	took := r.FinishedAt.Sub(r.Began())
	for _, stop := range r.Stops {
		took -= stop.ResumedAt.Sub(stop.At)
	}
	return max(0, took)
}

// in is the run as it stood at the end of a period, and whether it was at work, or was stopped, in it.
func (r Run) in(from, to time.Time) (Run, bool) {
	r.StartedAt = r.Began()
	if r.StartedAt.IsZero() || !r.StartedAt.Before(to) {
		return Run{}, false
	}
	for i, stop := range r.Stops {
		if stop.ResumedAt.Before(to) {
			continue
		}
		r.Status, r.FinishedAt, r.Problem, r.Lists, r.Matcher = stop.Status, stop.At, stop.Problem, stop.Lists, stop.Matcher
		r.Delta, r.Entries, r.Coverage, r.Companies = stop.Delta, stop.Entries, stop.Coverage, stop.Companies
		r.Stops = r.Stops[:i]
		break
	}
	if !r.FinishedAt.IsZero() && r.FinishedAt.Before(to) {
		return r, !r.FinishedAt.Before(from)
	}
	// under way at the end, and how far it was then is not on record
	r.Status, r.FinishedAt, r.Problem, r.Lists, r.Matcher = RunRunning, time.Time{}, "", nil, ""
	r.Delta, r.Entries, r.Coverage, r.Companies = false, 0, Coverage{}, nil
	return r, true
}
