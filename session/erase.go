package session

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
	"golang.org/x/sync/errgroup"
)

// An ErasureReason is why a session is erased before its date. There is no free text: the audit log keeps
// the reason, and nothing about the person.
type ErasureReason struct{ Code, Name string }

// ErasureReasons are those to choose from.
var ErasureReasons = []ErasureReason{
	{"request", "The person asked for it"}, {"order", "An authority or court ordered it"},
	{"mistake", "It was taken in by mistake"}, {"consent", "Consent was withdrawn"},
}

// period is the reason of an erasure whose date has come.
const period = "period"

// An Erasure is one run over everything that is due.
type Erasure struct {
	ID         string    `json:"id"` // ULID
	By         string    `json:"by"`
	StartedAt  time.Time `json:"started_at"`
	FinishedAt time.Time `json:"finished_at,omitzero"` // zero while it runs, or where it was cut off
	Records    int       `json:"records"`              // sessions erased
	Photos     int       `json:"photos"`               // sessions that lost their photos only
	Held       int       `json:"held"`                 // left alone for a legal hold
	Stray      int       `json:"stray_photos"`         // photos erased that no session showed
	Failed     int       `json:"failed"`
	Purged     bool      `json:"purged"`            // nothing erased is left in the files
	Problem    string    `json:"problem,omitempty"` // why it failed, or why something may be left
}

// EraseDue erases everything that is due in the companies that the actor sees, then takes it out of the
// files of store and index. each, if not nil, is told of each session that was erased or is held. One run
// at a time: meanwhile it is a Conflict.
func (s *Service) EraseDue(ctx context.Context, actor Actor, each func(Due) error) (Erasure, error) {
	const op = "session.EraseDue"
	if err := actor.need(op, MayManage); err != nil {
		return Erasure{}, err
	}
	if !s.erasing.CompareAndSwap(false, true) {
		return Erasure{}, conflict(op, "An erasure is under way already.")
	}
	defer s.erasing.Store(false)
	run, end := s.beginErasure(actor)
	defer end()
	if err := s.store.PutErasure(ctx, run); err != nil {
		return run, err
	}
	err := s.eraseAll(ctx, actor, &run, each)
	if err == nil {
		run.Stray, err = s.store.SweepPhotos(ctx)
	}
	if err == nil {
		err = s.purge(ctx)
	}
	return run, s.endErasure(ctx, actor, &run, err)
}

// beginErasure makes the record of a run, which counts as under way until end is called.
func (s *Service) beginErasure(actor Actor) (run Erasure, end func()) {
	now := s.now().UTC()
	run = Erasure{ID: ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String(), By: actor.ID, StartedAt: now}
	s.underWay.Store(run.ID, nil)
	return run, func() { s.underWay.Delete(run.ID) }
}

// endErasure notes how a run came out. One that is cut off stays without an end.
func (s *Service) endErasure(ctx context.Context, actor Actor, run *Erasure, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	run.FinishedAt, run.Purged, run.Problem = s.now().UTC(), err == nil, ""
	if err != nil {
		run.Problem = MessageOf(err)
		s.log.Error("erasure", "run", run.ID, "err", err)
	}
	return s.store.PutErasure(ctx, *run, actor.Event(run.FinishedAt, ActErasure, "", "", map[string]string{
		"run": run.ID, "records": fmt.Sprint(run.Records), "photos": fmt.Sprint(run.Photos), "held": fmt.Sprint(run.Held), "purged": fmt.Sprint(run.Purged)}))
}

// erasedTogether is how many sessions a run erases at once: each waits for the disk, and one sync takes in
// what comes together.
const erasedTogether = 16

// erasureStep is how many sessions a run goes through between two times that its record says how far it is,
// which is also what is known of one that is cut off.
const erasureStep = 100

func (s *Service) eraseAll(ctx context.Context, actor Actor, run *Erasure, each func(Due) error) error {
	together, working := errgroup.WithContext(ctx)
	together.SetLimit(erasedTogether)
	var mu sync.Mutex // guards run, and tells each of one at a time
	note := func(due Due, err error) error {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			s.log.Error("erase a session", "session", due.Session, "err", err)
			run.Failed++
			return nil
		}
		if due.Session == "" {
			return nil
		}
		run.count(due)
		if (run.Records+run.Photos+run.Held)%erasureStep == 0 {
			if err := s.store.PutErasure(working, *run); err != nil {
				return err
			}
		}
		if each == nil {
			return nil
		}
		return each(due)
	}
	for due, err := range s.DueForErasure(working, actor) {
		together.Go(func() error {
			switch {
			case err != nil:
				return err
			case due.Held:
				return note(due, nil)
			}
			gone, err := s.eraseDue(working, actor, due)
			if working.Err() != nil {
				return working.Err()
			}
			return note(gone, err)
		})
	}
	if err := together.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

func (e *Erasure) count(due Due) {
	switch {
	case due.Held:
		e.Held++
	case due.What == EraseRecord:
		e.Records++
	default:
		e.Photos++
	}
}

// eraseDue erases what is due, looking again at what is true now. It returns the zero Due where there is
// nothing to erase any more.
func (s *Service) eraseDue(ctx context.Context, actor Actor, due Due) (Due, error) {
	err := s.erase(ctx, actor, due.Session, func(got *Session) (ErasureKind, string, error) {
		date := got.Retention.Due
		if due.What == ErasePhotos {
			date = got.Retention.PhotosDue
		}
		if due.Held = got.Retention.Hold; due.Held {
			return "", "", errNothing
		}
		if date.IsZero() || date.After(s.now()) {
			due.Session = ""
			return "", "", errNothing
		}
		return due.What, period, nil
	})
	if CodeOf(err) == NotFound {
		return Due{}, nil
	}
	return due, err
}

// Erase erases one session with everything that is about it. Before its date it is a Conflict that names
// the rule; a master may do it all the same, for one of the [ErasureReasons], where the company's settings
// allow it. A legal hold keeps it in any case.
func (s *Service) Erase(ctx context.Context, actor Actor, id ID, reason string) error {
	const op = "session.Erase"
	if err := actor.need(op, MayIngest); err != nil {
		return err
	}
	if reason != "" && !slices.ContainsFunc(ErasureReasons, func(r ErasureReason) bool { return r.Code == reason }) {
		return Fields{"reason": "Choose one of the reasons."}.Err(op)
	}
	err := s.erase(ctx, actor, id, func(got *Session) (ErasureKind, string, error) {
		company, err := s.store.Company(ctx, got.Company)
		if err != nil {
			return "", "", err
		}
		due := got.Retention.Due
		switch {
		case got.Retention.Hold:
			return "", "", conflict(op, "The session is on legal hold: it is kept until the hold is lifted.")
		case !due.IsZero() && !due.After(s.now()):
			return EraseRecord, period, nil
		case reason != "" && !company.Settings.EarlyErasure:
			return "", "", conflict(op, company.Settings.keeps(due)+" Its settings do not allow erasure before that.")
		case reason != "":
			return EraseRecord, reason, actor.need(op, MayManage)
		}
		return "", "", conflict(op, company.Settings.keeps(due))
	})
	if err == nil {
		s.single.Add(1)
		s.askPurge(actor)
	}
	return err
}

// keeps says the rule by which a record is kept.
func (set Settings) keeps(due time.Time) string {
	if due.IsZero() {
		return "The company keeps its records without end (record_days is 0)."
	}
	return fmt.Sprintf("The session is kept until %s: the company keeps records for %d days after the decision (record_days).",
		due.UTC().Format("2006-01-02 15:04 MST"), set.RecordDays)
}

// erase reads a session that the actor sees, asks what of it to erase and why, and does it; when somebody
// else changed it meanwhile, it starts again.
func (s *Service) erase(ctx context.Context, actor Actor, id ID, ask func(*Session) (ErasureKind, string, error)) error {
	const tries = 8
	for try := 1; ; try++ {
		got, err := s.visible(ctx, actor, id)
		if err == nil {
			err = s.date(ctx, &got)
		}
		if err != nil {
			return err
		}
		what, why, err := ask(&got)
		if err == errNothing {
			return nil
		}
		if err != nil {
			return err
		}
		err = s.eraseNow(ctx, actor, got, what, why)
		if CodeOf(err) != Conflict || try == tries {
			return err
		}
	}
}

func (s *Service) eraseNow(ctx context.Context, actor Actor, got Session, what ErasureKind, why string) error {
	now := s.now().UTC()
	event := actor.Event(now, ActErased, got.Company, got.ID, map[string]string{"what": string(what), "reason": why})
	if what == ErasePhotos {
		got.Photos, got.Retention.PhotosErased = nil, now
		got.Attempts = slices.Clone(got.Attempts)
		for i := range got.Attempts {
			got.Attempts[i].Photos = nil
		}
		return s.commit(ctx, &got, Change{Events: []Event{event}})
	}
	if err := s.unlink(ctx, actor, got); err != nil {
		return err
	}
	if err := s.store.Erase(ctx, got.ID, got.Version, event); err != nil {
		return err
	}
	s.catchUp.written()
	return nil
}

// unlink takes the id of a session out of the findings of others that show or showed one of its numbers. What
// was found stays: it may be why they were decided as they were.
func (s *Service) unlink(ctx context.Context, actor Actor, got Session) error {
	named := map[ID]bool{}
	for _, number := range got.Person.numbers() {
		twins, err := s.store.Twins(ctx, got.Company, number, number, got.ID)
		if err != nil {
			return err
		}
		for _, t := range twins {
			named[t.ID] = true
		}
	}
	for id := range named {
		_, err := s.change(ctx, System, id, 0, func(other *Session) (Change, error) {
			if !other.unlink(got.ID) {
				return Change{}, errNothing
			}
			return Change{Events: []Event{actor.Event(s.now().UTC(), ActUnlinked, other.Company, other.ID, nil)}}, nil
		})
		if err != nil && CodeOf(err) != NotFound {
			return err
		}
	}
	return nil
}

// numbers are the document and personal numbers that the person has or, before an edit, had.
func (p Person) numbers() []string {
	all := []string{p.DocumentNumber, p.PersonalNumber}
	for _, e := range p.Edits {
		if e.Field == "document_number" || e.Field == "personal_number" {
			all = append(all, e.Old)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// AskErasure has Work carry out EraseDue for the actor. While one waits, asking again changes nothing.
func (s *Service) AskErasure(actor Actor) error {
	const op = "session.AskErasure"
	if err := actor.need(op, MayManage); err != nil {
		return err
	}
	if s.Erasing() {
		return conflict(op, "An erasure is under way already.")
	}
	select {
	case s.erasures <- actor:
	default:
	}
	return nil
}

// keepErasing carries out the erasures that are asked for, until ctx ends.
func (s *Service) keepErasing(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case actor := <-s.erasures:
			if _, err := s.EraseDue(ctx, actor, nil); err != nil && ctx.Err() == nil {
				s.log.Error("erasure", "err", err)
			}
		}
	}
}

// Purge takes what was erased out of the files, which each run of [Service.EraseDue] does as well.
func (s *Service) Purge(ctx context.Context, actor Actor) error {
	if err := actor.need("session.Purge", MayManage); err != nil {
		return err
	}
	return s.purge(ctx)
}

// purge takes what was erased, now or by an earlier run, out of the files of the index and of the store. Each of the
// two is done only for what was erased since it was done last: a purge that waits for a photo is tried again and
// again. Who comes while another purge is under way waits for it, and mostly finds nothing left to do.
func (s *Service) purge(ctx context.Context) error {
	s.purging.Lock()
	defer s.purging.Unlock()
	if err := s.forgetWords(ctx); err != nil {
		return err
	}
	owed, err := s.store.ErasureOwed(ctx)
	if err != nil || !owed.Files {
		return err
	}
	return s.store.Purge(ctx)
}

// forgetWords builds the index anew, once, where it knows words of what is erased.
func (s *Service) forgetWords(ctx context.Context) error {
	for {
		owed, err := s.store.ErasureOwed(ctx)
		if err != nil || !owed.Words {
			return err
		}
		if err = s.Reindex(ctx, System); CodeOf(err) != Conflict || ctx.Err() != nil {
			return err
		}
		sleep(ctx, time.Second) // a rebuild is under way, which may have read what is erased by now
	}
}

// Erasures returns the newest n runs; of those that others started, only who sees all companies learns.
func (s *Service) Erasures(ctx context.Context, actor Actor, n int) ([]Erasure, error) {
	if err := actor.need("session.Erasures", MayManage); err != nil {
		return nil, err
	}
	all, err := s.store.Erasures(ctx, n)
	if !actor.Everyone {
		all = slices.DeleteFunc(all, func(e Erasure) bool { return e.By != actor.ID })
	}
	return all, err
}

// Erasing reports whether a run over what is due is under way.
func (s *Service) Erasing() bool { return s.erasing.Load() }

// ErasureUnderWay reports whether this run is under way in this process.
func (s *Service) ErasureUnderWay(run string) bool {
	_, is := s.underWay.Load(run)
	return is
}
