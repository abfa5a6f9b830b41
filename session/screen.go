package session

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"dossier/sanctions"
)

// maxHits bounds the hits that one screening takes; those that are on record already are kept beside them.
// Somebody who meets more entries is never clear: nobody has seen those that came after.
const maxHits = 100

// maxBeyond bounds the hits on record that are kept beside the best: those that somebody found to be a match,
// or has under way, before those that are open, and these before what was found to be nobody.
const maxBeyond = 50

// usualTop is how many hits the answer to a [Question] holds where it does not say.
const usualTop = 25

// maxNear is how many entries below the threshold a screening keeps, as evidence that they were seen.
const maxNear = 5

// query is what the matcher compares of the person.
func (s Session) query() Compared {
	c := Compared{FirstName: s.Person.FirstName, LastName: s.Person.LastName, Local: s.Person.Local.Full(), BirthDate: s.Person.BirthDate,
		PlaceOfBirth: s.Person.PlaceOfBirth, Nationality: s.Person.Nationality, Sex: s.Person.Sex,
		Truncated: s.Document.Truncated && (s.Person.Sources["first_name"] == FromMRZ || s.Person.Sources["last_name"] == FromMRZ)}
	for _, number := range []string{s.Person.DocumentNumber, s.Person.PersonalNumber} {
		if number != "" {
			c.Documents = append(c.Documents, number)
		}
	}
	return c
}

// screened is the person as the matcher takes it.
func (s Session) screened() sanctions.Person { return s.query().person() }

func (c Compared) person() sanctions.Person {
	p := sanctions.Person{First: c.FirstName, Last: c.LastName, Born: c.BirthDate.asListed(), BirthPlace: c.PlaceOfBirth, Sex: c.Sex,
		Truncated: c.Truncated, Documents: c.Documents}
	if c.Local != "" {
		p.Local = []string{c.Local}
	}
	if c.Nationality != "" {
		p.Nationalities = []string{c.Nationality}
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

// screen compares the person with the lists in force, and adds to c what follows: alerts raised, closed
// or held down, suppressions that hold no more, and their events.
func (s *Service) screen(ctx context.Context, got *Session, company Company, by string, c *Change) error {
	lists := s.lists.Load()
	return s.screenWith(ctx, got, company, by, lists, lists.look(got.screened(), company), c)
}

// A sighting is what the matcher found: hits, and the best of those that fell short of the threshold.
type sighting struct{ hits, near []sanctions.Hit }

func (f *inForce) look(p sanctions.Person, company Company) (seen sighting) {
	if !company.Settings.Screen || len(f.lists) == 0 {
		return sighting{}
	}
	seen.hits, seen.near = f.index.Look(p, company.Settings.matching(), maxNear)
	return seen
}

// keep is what a screening takes of the hits found: the best, and where there are more than those, also the
// hits on record whose entries still meet the person, up to maxBeyond: a match is not lost because better ones came.
func (f *inForce) keep(p sanctions.Person, o sanctions.Options, found []sanctions.Hit, before []Hit) (kept []sanctions.Hit, more bool) {
	if len(found) <= maxHits {
		return found, false
	}
	kept = slices.Clone(found[:maxHits])
	var beyond []sanctions.Key
	states := map[sanctions.Key]DispositionState{}
	for _, h := range before {
		entry, listed := f.index.Entry(h.List, h.EntryID)
		taken := func(is sanctions.Hit) bool { return is.List == h.List && is.EntryID == entry.ID }
		if listed && !slices.ContainsFunc(kept, taken) {
			k := sanctions.Key{List: h.List, ID: entry.ID}
			beyond, states[k] = append(beyond, k), h.Disposition.State
		}
	}
	o.Top = 0
	others := f.index.Only(beyond).Screen(p, o)
	if len(others) > maxBeyond {
		weight := func(h sanctions.Hit) int { return states[sanctions.Key{List: h.List, ID: h.EntryID}].weight() }
		slices.SortStableFunc(others, func(a, b sanctions.Hit) int { return weight(b) - weight(a) })
		others = others[:maxBeyond]
	}
	return append(kept, others...), true
}

// weight orders hits by what it would mean to lose sight of them.
func (s DispositionState) weight() int {
	switch s {
	case DispositionMatch, DispositionEscalated, DispositionProposed:
		return 2
	case DispositionOpen:
		return 1
	}
	return 0
}

// matching is how strictly the company compares.
func (set Settings) matching() sanctions.Options {
	return sanctions.Options{Threshold: set.HitThreshold(), Top: maxHits + 1, WeakNeedMore: set.WeakMuted}
}

// HitThreshold is the score from which an entry is a hit: the company's own, else the matcher's default.
func (set Settings) HitThreshold() float64 {
	if set.Threshold > 0 {
		return set.Threshold
	}
	return sanctions.DefaultThreshold
}

// screenWith is screen with what the matcher found. What the screening before it proved otherwise is kept.
func (s *Service) screenWith(ctx context.Context, got *Session, company Company, by string, lists *inForce, seen sighting, c *Change) error {
	now := s.now().UTC()
	before := got.Screening
	got.Screening = Screening{Status: NotScreened}
	if company.Settings.Screen {
		query := got.query()
		got.Screening = Screening{ScreenedAt: now, Matcher: sanctions.MatcherVersion, Threshold: company.Settings.HitThreshold(),
			WeakMuted: company.Settings.WeakMuted, Person: query.person().Fingerprint(), Query: &query, Near: nearOf(seen.near)}
		got.Screening.Lists, got.Screening.Reason = listsAt(lists.records, now, s.staleAfter)
		hits, more := lists.keep(query.person(), company.Settings.matching(), seen.hits, before.Hits)
		got.Screening.Hits = hitsOn(lists.index, hits)
		if more && got.Screening.Reason == "" {
			got.Screening.Reason = fmt.Sprintf("More than %d entries met this person: only the best %d are kept, beside up to %d that were on record, and a clear result would mean nothing.", maxHits, maxHits, maxBeyond)
		}
		if err := s.settle(ctx, got, before, now, c); err != nil {
			return err
		}
		got.Screening.Status = got.Screening.outcome()
	}
	got.keepScreening(before)
	return s.raise(ctx, got, before, lists, now, by, c)
}

// maxPast is how many earlier screenings a session keeps.
const maxPast = 10

// keepScreening keeps an earlier screening of another outcome as evidence. The entries of its hits are in
// the archived lists.
func (s *Session) keepScreening(before Screening) {
	if before.Query == nil || before.Person == s.Screening.Person && slices.EqualFunc(before.Hits, s.Screening.Hits, func(a, b Hit) bool {
		return a.key() == b.key() && a.Score == b.Score && a.EntryHash == b.EntryHash
	}) {
		return
	}
	before.Hits = slices.Clone(before.Hits)
	for i := range before.Hits {
		before.Hits[i].Entry, before.Hits[i].Reasons = sanctions.Entry{}, nil
	}
	s.PastScreenings = append(slices.Clone(s.PastScreenings), before)
	if over := len(s.PastScreenings) - maxPast; over > 0 {
		s.PastScreenings = s.PastScreenings[over:]
	}
}

func nearOf(seen []sanctions.Hit) []NearMiss {
	var near []NearMiss
	for _, h := range seen {
		near = append(near, NearMiss{List: h.List, EntryID: h.EntryID, Name: h.Name, MatchedName: h.MatchedName, Score: h.Score})
	}
	return near
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
		case DispositionOpen, DispositionEscalated, DispositionProposed:
			status = PotentialMatch
		}
	}
	return status
}

type entryKey struct{ list, id string }

func (h Hit) key() entryKey { return entryKey{h.List, h.EntryID} }

// maxEvidence is how much of an entry a hit holds, in bytes of text: more than entries of real lists have,
// so that a hundred hits are no burden, whatever their list.
const maxEvidence = 6 << 10

// hitsOn makes open hits of what the matcher found.
func hitsOn(index *sanctions.Index, found []sanctions.Hit) []Hit {
	hits := make([]Hit, 0, len(found))
	for _, f := range found {
		if entry, listed := index.Entry(f.List, f.EntryID); listed { // or taken off since it was found
			held := entry.Abridged(maxEvidence)
			hits = append(hits, Hit{Hit: f.Abridged(held), Entry: held, EntryHash: entry.Hash(), Disposition: Disposition{State: DispositionOpen}})
		}
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

// upToDate screens a session once more if the lists were swapped between its screening and its commit:
// the run that the swap called for read its sessions too early to see it. A swap after this look finds
// the session stored.
func (s *Service) upToDate(ctx context.Context, got Session, compared *sanctions.Index) (Session, error) {
	nobody := got.Screening.ScreenedAt.IsZero() || got.screenable() != ""
	if nobody || s.lists.Load().index == compared {
		return got, nil
	}
	return s.RescreenOne(onceDone(ctx), System, got.ID)
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
		o.Top = usualTop
	}
	now, lists := s.now().UTC(), s.lists.Load()
	result := Screening{ScreenedAt: now, Matcher: sanctions.MatcherVersion, Threshold: o.Threshold, Person: p.Fingerprint()}
	result.Lists, result.Reason = listsAt(lists.records, now, s.staleAfter)
	hits, near := lists.index.Look(p, o, maxNear)
	result.Hits, result.Near = hitsOn(lists.index, hits), nearOf(near)
	result.Status = result.outcome()
	company := ""
	if !actor.Everyone && len(actor.Companies) == 1 {
		company = actor.Companies[0]
	}
	return result, s.store.Record(ctx, actor.Event(now, ActScreenQueried, company, "", map[string]string{"hits": fmt.Sprint(len(result.Hits))}))
}

// maxWorkers is how many persons are compared at once.
func maxWorkers() int { return max(1, runtime.GOMAXPROCS(0)) }
