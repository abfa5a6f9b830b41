package session

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"dossier/sanctions"
)

// maxHits bounds what one screening keeps; a person who resembles more entries is no less a case.
const maxHits = 25

// screened is the person as the matcher compares it.
func (s Session) screened() sanctions.Person {
	p := sanctions.Person{
		First: s.Person.FirstName, Last: s.Person.LastName, Born: s.Person.BirthDate.asListed(),
		BirthPlace: s.Person.PlaceOfBirth, Sex: s.Person.Sex,
		Truncated: s.Document.Truncated && (s.Person.Sources["first_name"] == FromMRZ || s.Person.Sources["last_name"] == FromMRZ),
	}
	if local := s.Person.Local.Full(); local != "" {
		p.Local = append(p.Local, local)
	}
	if s.Person.Nationality != "" {
		p.Nationalities = []string{s.Person.Nationality}
	}
	for _, number := range []string{s.Person.DocumentNumber, s.Person.PersonalNumber} {
		if number != "" {
			p.Documents = append(p.Documents, number)
		}
	}
	return p
}

// screenable says why a session cannot be screened, or "".
func (s Session) screenable() string {
	if s.Person.FullName() == "" && s.Person.Local.Full() == "" && s.Person.DocumentNumber == "" {
		return "no person yet"
	}
	return ""
}

// screen compares the person with the lists in force, keeps what was decided of hits that are still
// the same, and returns the alerts that are raised or fall away.
func (s *Service) screen(got *Session, company Company, by string) []Alert {
	lists := s.lists.Load()
	threshold := company.Settings.threshold()
	return s.screenWith(got, company, by, lists, lists.index.Screen(got.screened(), sanctions.Options{Threshold: threshold, Top: maxHits}))
}

func (set Settings) threshold() float64 {
	if set.Threshold > 0 {
		return set.Threshold
	}
	return sanctions.DefaultThreshold
}

// screenWith is screen with the hits already found.
func (s *Service) screenWith(got *Session, company Company, by string, lists *inForce, hits []sanctions.Hit) []Alert {
	now := s.now().UTC()
	before := got.Screening
	after := Screening{ScreenedAt: now, Matcher: sanctions.MatcherVersion, Threshold: company.Settings.threshold(), Person: got.screened().Fingerprint()}
	if !company.Settings.Screen {
		got.Screening = Screening{Status: NotScreened}
		return got.alertsFor(before, got.Screening, now, by)
	}
	after.Lists, after.Reason = listsAt(lists.records, now, s.staleAfter)
	after.Hits = keepDispositions(lists.index, hits, before, after.Person)
	alerts := got.alertsFor(before, after, now, by)
	after.Status = after.outcome()
	got.Screening = after
	return alerts
}

// listsAt names the lists as they are now, and says why a screening against them would not be whole.
func listsAt(records []ListRecord, now time.Time, limit time.Duration) (lists []ScreenedList, reason string) {
	if len(records) == 0 {
		return nil, "No sanctions list is loaded, so nobody was compared."
	}
	for _, r := range records {
		l := r.screened(now, limit)
		lists = append(lists, l)
		if l.Stale && reason == "" {
			reason = fmt.Sprintf("The list %s was last refreshed on %s: a clear result would mean nothing.", l.ID, r.Checked.UTC().Format(time.DateOnly))
		}
	}
	return lists, reason
}

// outcome is the status that the hits and the state of the lists give.
func (s Screening) outcome() ScreeningStatus {
	status := Clear
	if s.Reason != "" {
		status = NotScreened
	}
	for _, h := range s.Hits {
		switch h.Disposition.State {
		case DispositionMatch:
			return Match
		case DispositionOpen, DispositionEscalated:
			status = PotentialMatch
		}
	}
	return status
}

type entryKey struct{ list, id string }

func (h Hit) key() entryKey { return entryKey{h.List, h.EntryID} }

// keepDispositions makes hits of what the matcher found. What was decided of an entry stands while
// both sides are what they were when it was decided.
func keepDispositions(index *sanctions.Index, found []sanctions.Hit, before Screening, person string) []Hit {
	hits := make([]Hit, 0, len(found))
	for _, f := range found {
		entry, listed := index.Entry(f.List, f.EntryID)
		if !listed { // taken off since the hit was found
			continue
		}
		h := Hit{Hit: f, Entry: entry, EntryHash: entry.Hash(), Disposition: Disposition{State: DispositionOpen}}
		if old, ok := before.hitOn(f.List, f.EntryID, entry.FormerIDs); ok {
			h.Alert = old.Alert
			if old.Disposition.State == DispositionMatch || old.EntryHash == h.EntryHash && before.Person == person {
				h.Disposition = old.Disposition
			}
		}
		hits = append(hits, h)
	}
	return hits
}

// hitOn returns the hit on an entry, which may have had another id then.
func (s Screening) hitOn(list, id string, former []string) (Hit, bool) {
	for _, h := range s.Hits {
		if h.List == list && (h.EntryID == id || slices.Contains(former, h.EntryID)) {
			return h, true
		}
	}
	return Hit{}, false
}

func byAlert(hits []Hit) map[string]Hit {
	all := make(map[string]Hit, len(hits))
	for _, h := range hits {
		all[h.Alert] = h
	}
	return all
}

// alertsFor gives after's hits their alerts, and returns the alerts to write: those of hits that are
// new or open again, and those of hits that are gone with nothing decided.
func (s *Session) alertsFor(before, after Screening, now time.Time, by string) []Alert {
	old := byAlert(before.Hits)
	var alerts []Alert
	for i := range after.Hits {
		h := &after.Hits[i]
		if h.Alert == "" {
			h.Alert = AlertID(s.ID, h.List, h.EntryID)
		}
		was, known := old[h.Alert]
		delete(old, h.Alert)
		if h.Disposition.State == DispositionOpen && (!known || was.Disposition.State != DispositionOpen || was.EntryHash != h.EntryHash) {
			alerts = append(alerts, s.alert(*h, now, by))
		}
	}
	for _, h := range before.Hits { // in their order, not the map's
		if _, gone := old[h.Alert]; gone && (h.Disposition.State == DispositionOpen || h.Disposition.State == DispositionEscalated) {
			h.Disposition = Disposition{State: DispositionGone, At: now, By: by, Text: "The entry no longer meets this person."}
			alerts = append(alerts, s.alert(h, now, by))
		}
	}
	return alerts
}

func (s *Session) alert(h Hit, now time.Time, by string) Alert {
	return Alert{ID: h.Alert, Session: s.ID, Company: s.Company, Person: s.Person.FullName(), Hit: h,
		RaisedAt: now, RaisedBy: by, Disposition: h.Disposition}
}

// upToDate screens a session once more if the lists were swapped between its screening and its commit:
// the run that the swap called for read its sessions too early to see it. A swap after this look finds
// the session stored.
func (s *Service) upToDate(ctx context.Context, got Session, compared *sanctions.Index) (Session, error) {
	nobody := got.Screening.ScreenedAt.IsZero() || got.screenable() != ""
	if nobody || s.lists.Load().index == compared {
		return got, nil
	}
	return s.RescreenOne(ctx, System, got.ID)
}

// A Question is a person who is screened and not stored.
type Question struct {
	Person
	FullName   string  // where the parts are not known
	MiddleName string  //
	Threshold  float64 // 0 is the matcher's default
	Top        int     // at most so many hits; 0 is 25
}

func (q Question) check() error {
	var bad Fields
	q.Person.check(&bad)
	checkText(&bad, "full_name", q.FullName, maxText)
	checkText(&bad, "middle_name", q.MiddleName, maxText)
	if q.Threshold < 0 || q.Threshold > 1 {
		bad.Add("threshold", "Use 0 to 1.")
	}
	if q.Top < 0 || q.Top > 100 {
		bad.Add("top", "Use 1 to 100.")
	}
	if joinNonEmpty("", q.FullName, q.anything()) == "" {
		bad.Add("full_name", "Give a name or a document number to compare.")
	}
	return bad.Err("session.Screen")
}

// anything is something to compare the person by, or "".
func (p Person) anything() string {
	return joinNonEmpty("", p.FirstName, p.LastName, p.Local.Full(), p.DocumentNumber, p.PersonalNumber)
}

// Screen compares a person with the lists in force, and notes in the audit log that somebody asked.
func (s *Service) Screen(ctx context.Context, actor Actor, q Question) (Screening, error) {
	if err := actor.need("session.Screen", MayRead); err != nil {
		return Screening{}, err
	}
	if err := q.check(); err != nil {
		return Screening{}, err
	}
	p := Session{Person: q.Person}.screened()
	p.Full, p.Middle = q.FullName, q.MiddleName
	o := sanctions.Options{Threshold: q.Threshold, Top: q.Top}
	if o.Threshold == 0 {
		o.Threshold = sanctions.DefaultThreshold
	}
	if o.Top == 0 {
		o.Top = maxHits
	}
	now, lists := s.now().UTC(), s.lists.Load()
	result := Screening{ScreenedAt: now, Matcher: sanctions.MatcherVersion, Threshold: o.Threshold, Person: p.Fingerprint()}
	result.Lists, result.Reason = listsAt(lists.records, now, s.staleAfter)
	result.Hits = keepDispositions(lists.index, lists.index.Screen(p, o), Screening{}, result.Person)
	result.Status = result.outcome()
	company := ""
	if !actor.Everyone && len(actor.Companies) == 1 {
		company = actor.Companies[0]
	}
	return result, s.store.Record(ctx, actor.Event(now, ActScreenQueried, company, "", map[string]string{"hits": fmt.Sprint(len(result.Hits))}))
}

// maxWorkers is how many persons are compared at once.
func maxWorkers() int { return max(1, runtime.GOMAXPROCS(0)) }
