package session

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// OverviewDays is how far back an [Overview] can reach.
const OverviewDays = 90

// An Overview says how a company's verifications went over some days. Days are those of UTC on which
// sessions started.
type Overview struct {
	AsOf     time.Time  // when the sessions were counted
	Days     []DayCount // one a day, the oldest first
	Total    DayCount
	Reasons  []ReasonCount // of rejections, the most frequent first
	Decided  int           // by members
	Median   time.Duration // from the applicant's end to the member's decision
	P90      time.Duration
	Alerts   []AgeCount // open ones, by age
	OpenOnes int        // alerts
}

// A DayCount counts the sessions that started on a day, by what they are now.
type DayCount struct {
	Day    time.Time
	Status map[Status]int
	N      int
}

// SuccessRate is the share of successes among what is decided, 0 to 1; ok is false where nothing is.
func (d DayCount) SuccessRate() (rate float64, ok bool) {
	decided := d.Status[Success] + d.Status[Rejected]
	if decided == 0 {
		return 0, false
	}
	return float64(d.Status[Success]) / float64(decided), true
}

// A ReasonCount counts the rejections for a reason.
type ReasonCount struct {
	Tag string
	N   int
}

// An AgeCount counts open alerts that are younger than Under and not in a younger group; 0 is any age.
type AgeCount struct {
	Under time.Duration
	N     int
}

var alertAges = []time.Duration{24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 0}

// tallies hold the sessions of the last days, counted. Counting reads them all, so it is done in the
// background and seldom enough to cost a twentieth of one processor at most.
type tallies struct {
	mu    sync.Mutex
	days  map[tallyKey]*dayTally // nil: not counted yet
	asOf  time.Time
	again time.Time     // not counted anew before this
	want  chan struct{} // somebody looks
	done  chan struct{} // closed and renewed when counted
}

type tallyKey struct {
	company string
	day     string
}

type dayTally struct {
	status  map[Status]int
	reasons map[string]int
	took    []time.Duration
}

func newTallies() *tallies {
	return &tallies{want: make(chan struct{}, 1), done: make(chan struct{})}
}

// keepTallying counts when somebody looks and the last count is old, until ctx ends.
func (s *Service) keepTallying(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.tallies.want:
			if err := s.Tally(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("count the sessions for the dashboard", "err", err)
			}
		}
	}
}

// Tally counts the sessions of the last OverviewDays days.
func (s *Service) Tally(ctx context.Context) error {
	now, began := s.now().UTC(), time.Now()
	days := map[tallyKey]*dayTally{}
	from := startOfDay(now).AddDate(0, 0, 1-OverviewDays)
	for got, err := range s.store.All(ctx, NewID(from.Add(-time.Millisecond))) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && got.ID == "" { // the walk itself broke off
			return err
		}
		if err != nil { // damaged: its own page says so
			continue
		}
		k := tallyKey{got.Company, got.ID.Time().UTC().Format(time.DateOnly)}
		if days[k] == nil {
			days[k] = &dayTally{status: map[Status]int{}, reasons: map[string]int{}}
		}
		days[k].add(got)
	}
	t := s.tallies
	t.mu.Lock()
	defer t.mu.Unlock()
	t.days, t.asOf, t.again = days, now, time.Now().Add(max(10*time.Second, 20*time.Since(began)))
	close(t.done)
	t.done = make(chan struct{})
	return nil
}

func startOfDay(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

func (t *dayTally) add(s Session) {
	t.status[s.Status]++
	if s.Status == Rejected {
		for _, tag := range s.Tags {
			t.reasons[tag]++
		}
	}
	finished := s.Activity.FinishedAt
	if s.Verified != nil && s.DecidedBy != DecidedByRules && s.DecidedAt.After(finished) && !finished.IsZero() {
		t.took = append(t.took, s.DecidedAt.Sub(finished))
	}
}

// tallied returns the count, at most some seconds old where that is cheap, and nil where there is none yet.
func (s *Service) tallied(ctx context.Context) (map[tallyKey]*dayTally, time.Time) {
	t := s.tallies
	t.mu.Lock()
	days, asOf, done, old := t.days, t.asOf, t.done, time.Now().After(t.again)
	t.mu.Unlock()
	if !old {
		return days, asOf
	}
	select {
	case t.want <- struct{}{}:
	default:
	}
	select {
	case <-done:
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.days, t.asOf
}

// Overview sums up the last days for the companies that the actor sees, or for the named ones of them.
// ready is false while the sessions are counted for the first time.
func (s *Service) Overview(ctx context.Context, actor Actor, companies []string, days int) (o Overview, ready bool, err error) {
	if err := actor.need("session.Overview", MayRead); err != nil {
		return o, false, err
	}
	if days < 1 || days > OverviewDays {
		return o, false, Fields{"days": "Use 1 to 90."}.Err("session.Overview")
	}
	companies = within(actor, companies)
	counted, asOf := s.tallied(ctx)
	o = Overview{AsOf: asOf, Total: DayCount{Status: map[Status]int{}}}
	reasons, took := map[string]int{}, []time.Duration(nil)
	today := startOfDay(s.now().UTC())
	for back := days - 1; back >= 0; back-- {
		day := DayCount{Day: today.AddDate(0, 0, -back), Status: map[Status]int{}}
		for k, t := range counted {
			if k.day != day.Day.Format(time.DateOnly) || companies != nil && !slices.Contains(companies, k.company) {
				continue
			}
			for status, n := range t.status {
				day.add(status, n)
				o.Total.add(status, n)
			}
			for tag, n := range t.reasons {
				reasons[tag] += n
			}
			took = append(took, t.took...)
		}
		o.Days = append(o.Days, day)
	}
	o.times(took)
	o.reasons(reasons)
	return o, counted != nil, s.countAlerts(ctx, companies, &o)
}

func (d *DayCount) add(status Status, n int) {
	d.Status[status] += n
	d.N += n
}

func (o *Overview) times(took []time.Duration) {
	slices.Sort(took)
	if o.Decided = len(took); o.Decided > 0 {
		o.Median, o.P90 = took[(len(took)-1)/2], took[(9*len(took)+9)/10-1] // nearest rank
	}
}

func (o *Overview) reasons(counts map[string]int) {
	for tag, n := range counts {
		o.Reasons = append(o.Reasons, ReasonCount{tag, n})
	}
	slices.SortFunc(o.Reasons, func(a, b ReasonCount) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Tag, b.Tag)) })
}

// countAlerts groups the open alerts by age.
func (s *Service) countAlerts(ctx context.Context, companies []string, o *Overview) error {
	for _, under := range alertAges {
		o.Alerts = append(o.Alerts, AgeCount{Under: under})
	}
	now := s.now()
	for raised, err := range s.store.OpenAlertTimes(ctx, companies) {
		if err != nil {
			return err
		}
		age := now.Sub(raised)
		group := slices.IndexFunc(alertAges, func(under time.Duration) bool { return under == 0 || age < under })
		o.Alerts[group].N++
		o.OpenOnes++
	}
	return nil
}
