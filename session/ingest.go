package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dossier/photo"
)

// An Intake is one thing that comes in: a new session, or more of one that is under way.
type Intake struct {
	ID ID // "" makes a new session
	Submission
	Photos []PhotoData
	Key    string // idempotency key, scoped to the actor; "" for none
	Hash   string // says with Key whether two intakes ask for the same; "" is made of the intake
}

// Ingest is the one way in for sessions, from the API, an import, the demo or the capture page:
// validate, parse and check the MRZ, fill the person, and, when the applicant is done, run the rules
// and screen; then one store transaction, then the index. A bad photo or field refuses the intake
// whole, and leaves what is stored as it was. The same key with the same intake returns the session
// that the first one made; with another intake it is a Conflict.
func (s *Service) Ingest(ctx context.Context, actor Actor, in Intake) (Session, error) {
	if err := actor.need("session.Ingest", MayIngest); err != nil {
		return Session{}, err
	}
	if err := in.check(s.now()); err != nil {
		return Session{}, err
	}
	once, before, err := s.once(ctx, actor, in)
	if err != nil || before != "" {
		return s.again(ctx, actor, before, err)
	}
	photos, err := inspectPhotos(in.Photos)
	if err != nil {
		return Session{}, err
	}
	compared := s.lists.Load().index
	got, err := s.ingestChecked(ctx, actor, in, photos, once)
	if err != nil || !in.Finish {
		return got, err
	}
	return s.upToDate(ctx, got, compared)
}

// ingestChecked makes the session of an intake that is in order, or adds to it.
func (s *Service) ingestChecked(ctx context.Context, actor Actor, in Intake, photos []Photo, once *Once) (Session, error) {
	if in.ID == "" {
		return s.ingestNew(ctx, actor, in, photos, once)
	}
	got, err := s.change(ctx, actor, in.ID, 0, func(got *Session) (Change, error) {
		return s.take(ctx, actor, got, in, photos, once)
	})
	return s.orTheOther(ctx, actor, got, err, once)
}

// orTheOther answers a Conflict with what another request with the same key did at the same moment, if
// that is what it met. It asks with the hash of the intake as it came: taking it has filled it in since.
func (s *Service) orTheOther(ctx context.Context, actor Actor, got Session, err error, once *Once) (Session, error) {
	if CodeOf(err) != Conflict || once == nil {
		return got, err
	}
	before, otherErr := s.store.Once(ctx, once.Key)
	switch {
	case CodeOf(otherErr) == NotFound:
		return got, err
	case otherErr != nil:
		return Session{}, otherErr
	}
	id, repeatErr := before.repeats(once.Hash)
	return s.again(ctx, actor, id, repeatErr)
}

// again answers a repeated intake with the session that the first one made.
func (s *Service) again(ctx context.Context, actor Actor, before ID, err error) (Session, error) {
	if err != nil {
		return Session{}, err
	}
	return s.visible(ctx, actor, before)
}

// once looks the idempotency key up. It returns the session that it made before, if any.
func (s *Service) once(ctx context.Context, actor Actor, in Intake) (*Once, ID, error) {
	if in.Key == "" {
		return nil, "", nil
	}
	if in.Hash == "" {
		in.Hash = in.hash()
	}
	return s.repeated(ctx, actor, in.Key, in.Hash)
}

// hash is the same for two intakes that ask for the same.
func (in Intake) hash() string {
	h := sha256.New()
	data, err := json.Marshal(in.Submission)
	if err != nil { // it was decoded from JSON
		panic(fmt.Sprintf("session: submission does not encode: %v", err))
	}
	fmt.Fprintf(h, "%s\n%d\n", in.ID, len(data))
	h.Write(data)
	for _, p := range in.Photos {
		fmt.Fprintf(h, "\n%s %d %x", p.Kind, p.Attempt, sha256.Sum256(p.Data))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (in Intake) check(now time.Time) error {
	if err := in.Submission.check(now); err != nil {
		return err
	}
	var bad Fields
	if len(in.Photos) > maxPhotos {
		bad.Add("photos", fmt.Sprintf("At most %d are taken.", maxPhotos))
	}
	for _, p := range in.Photos {
		if !slices.Contains(PhotoKinds, p.Kind) {
			bad.Add("photos."+clip(string(p.Kind), 40), "Use document_front, document_back, portrait, selfie, liveness or other.")
		}
	}
	return bad.Err("session.Ingest")
}

// inspectPhotos checks every image and says what it is; nothing is stored yet.
func inspectPhotos(all []PhotoData) ([]Photo, error) {
	photos := make([]Photo, len(all))
	for i, p := range all {
		info, err := photo.Inspect(p.Data)
		if err != nil {
			return nil, photoError(p.Kind, err)
		}
		photos[i] = Photo{Kind: p.Kind, Attempt: p.Attempt, SHA256: fmt.Sprintf("%x", sha256.Sum256(p.Data)), ContentType: info.ContentType,
			Width: info.Width, Height: info.Height, Bytes: len(p.Data), TakenAt: p.TakenAt.UTC()}
	}
	return photos, nil
}

// storePhotos puts the images away before the session names them, so that it never names one that is
// not there. It comes after every check: what is refused leaves nothing behind.
func (s *Service) storePhotos(ctx context.Context, all []PhotoData) error {
	for _, p := range all {
		if _, err := s.store.PutPhoto(ctx, p.Data); err != nil {
			return err
		}
	}
	return nil
}

func photoError(kind PhotoKind, err error) error {
	var refused *photo.RefusedError
	if !errors.As(err, &refused) {
		return err
	}
	code := Invalid
	if refused.TooLarge {
		code = TooLarge
	}
	return &Error{Code: code, Op: "session.Ingest", Message: refused.Reason, Fields: Fields{"photos." + string(kind): refused.Reason}}
}

func (s *Service) ingestNew(ctx context.Context, actor Actor, in Intake, photos []Photo, once *Once) (Session, error) {
	slug, err := s.companyOf(ctx, actor, in.Company)
	if err != nil {
		return Session{}, err
	}
	now := s.now().UTC()
	started := now
	if in.Activity != nil && !in.Activity.StartedAt.IsZero() {
		started = in.Activity.StartedAt.UTC()
	}
	got := Session{ID: NewID(started), Company: slug, Status: InProgress, CreatedAt: now,
		Attempts: []Attempt{{Number: 1, StartedAt: started}}, Findings: []Finding{}, Screening: Screening{Status: NotScreened}}
	got.Activity.StartedAt = started
	in.Company = slug
	change, err := s.take(ctx, actor, &got, in, photos, once)
	if err != nil {
		return Session{}, err
	}
	change.Events = append([]Event{actor.Event(now, ActCreated, slug, got.ID, nil)}, change.Events...)
	err = s.commit(ctx, &got, change)
	return s.orTheOther(ctx, actor, got, err, once)
}

// companyOf returns the company that a new session belongs to.
func (s *Service) companyOf(ctx context.Context, actor Actor, slug string) (string, error) {
	if slug == "" {
		seen, err := s.companiesOf(ctx, actor)
		if err != nil {
			return "", err
		}
		if len(seen) != 1 {
			return "", Fields{"company": "Name the company: there is more than one, or none."}.Err("session.Ingest")
		}
		return seen[0].Slug, nil
	}
	_, err := s.knownCompany(ctx, slug)
	if !actor.Sees(slug) || CodeOf(err) == NotFound {
		return "", Fields{"company": "There is no such company."}.Err("session.Ingest")
	}
	return slug, err
}

// take puts an intake into got and says what else is to be written with it.
func (s *Service) take(ctx context.Context, actor Actor, got *Session, in Intake, photos []Photo, once *Once) (Change, error) {
	if err := got.open(); err != nil {
		return Change{}, err
	}
	if in.ID != "" && len(in.Attempts) > 0 {
		return Change{}, Fields{"attempts": "Earlier attempts come with a new session only."}.Err("session.Ingest")
	}
	if in.Company != "" && in.Company != got.Company {
		return Change{}, Fields{"company": "A session does not change its company."}.Err("session.Ingest")
	}
	company, err := s.knownCompany(ctx, got.Company)
	if err != nil {
		return Change{}, err
	}
	now := s.now().UTC()
	got.merge(in.Submission)
	if err := got.addPhotos(photos); err != nil {
		return Change{}, err
	}
	if err := company.Settings.checkExtra(got.Extra, in.Finish); err != nil {
		return Change{}, err
	}
	if a := &got.Activity; s.countries != nil && a.Country == "" && a.ClientIP != "" {
		a.Country = s.countries.Country(a.ClientIP)
	}
	if in.Document != nil || in.Person != nil || in.Finish {
		got.readZone(now, company.Settings)
	}
	if err := s.storePhotos(ctx, in.Photos); err != nil {
		return Change{}, err
	}
	change := Change{Once: once}
	if once != nil {
		once.Session = got.ID
	}
	switch {
	case in.Finish:
		return change, s.finish(ctx, actor, got, company, &change)
	case len(photos) > 0:
		for _, p := range photos {
			change.Events = append(change.Events, actor.Event(now, ActPhoto, got.Company, got.ID, map[string]string{"kind": string(p.Kind), "sha256": p.SHA256}))
		}
	case in.ID != "":
		change.Events = append(change.Events, actor.Event(now, ActSubmitted, got.Company, got.ID, nil))
	}
	return change, nil
}

// open says whether the applicant's side may still add to the session.
func (s *Session) open() error {
	switch s.Status {
	case InProgress:
		return nil
	case Expired:
		return conflict("session.Ingest", "The session has expired. Start another attempt first.")
	}
	return conflict("session.Ingest", "The session is finished. Start another attempt to add to it.")
}

// merge takes the parts that sub has.
func (s *Session) merge(sub Submission) {
	setIfGiven(&s.Reference, sub.Reference)
	setIfGiven(&s.Locale, sub.Locale)
	if sub.Person != nil {
		s.mergePerson(*sub.Person)
	}
	if sub.Document != nil {
		s.Document = Document{Type: sub.Document.Type, IssuingState: sub.Document.IssuingState, MRZ: slices.Clone(sub.Document.MRZ)}
	}
	if sub.Checks != nil {
		s.Checks = *sub.Checks
	}
	if sub.Activity != nil {
		s.mergeActivity(*sub.Activity)
	}
	for key, value := range sub.Extra {
		if s.Extra == nil {
			s.Extra = map[string]any{}
		}
		s.Extra[key] = value
	}
	if len(sub.Attempts) > 0 {
		s.mergeAttempts(sub.Attempts)
	}
}

func (s *Session) mergePerson(p Person) {
	sources := p.Sources
	p.Sources, p.Edits = nil, s.Person.Edits
	s.Person = p
	for _, f := range p.textFields() {
		s.source(f.name, *f.value, sources)
	}
	s.source("birth_date", string(p.BirthDate), sources)
	s.source("expiration_date", string(p.ExpirationDate), sources)
}

func (s *Session) source(field, value string, given map[string]string) {
	if value == "" {
		return
	}
	from := given[field]
	if from == "" {
		from = FromAPI
	}
	s.Person.setSource(field, from)
}

func (s *Session) mergeActivity(a Activity) {
	if a.StartedAt.IsZero() {
		a.StartedAt = s.Activity.StartedAt
	}
	a.StartedAt, a.FinishedAt = a.StartedAt.UTC(), a.FinishedAt.UTC()
	a.UserAgent = a.UserAgent.filled()
	s.Activity = a
}

// mergeAttempts puts earlier attempts before the current one.
func (s *Session) mergeAttempts(earlier []Attempt) {
	current := s.currentAttempt()
	s.Attempts = nil
	for i, a := range earlier {
		a.Number = i + 1
		s.Attempts = append(s.Attempts, a)
	}
	current.Number = len(earlier) + 1
	s.Attempts = append(s.Attempts, *current)
}

// addPhotos attaches photos; one of the same kind and attempt replaces the one before, save kinds of
// which there may be several.
func (s *Session) addPhotos(photos []Photo) error {
	for _, p := range photos {
		if p.Attempt == 0 {
			p.Attempt = s.currentAttempt().Number
		}
		if p.Attempt < 1 || p.Attempt > len(s.Attempts) {
			return Fields{"photos." + string(p.Kind): fmt.Sprintf("There is no attempt %d.", p.Attempt)}.Err("session.Ingest")
		}
		if several := p.Kind == Liveness || p.Kind == OtherPhoto; !several {
			s.Photos = slices.DeleteFunc(s.Photos, func(old Photo) bool { return old.Kind == p.Kind && old.Attempt == p.Attempt })
		}
		s.Photos = append(s.Photos, p)
	}
	if len(s.Photos) > maxPhotos*len(s.Attempts) {
		return Fields{"photos": fmt.Sprintf("A session holds at most %d photos an attempt.", maxPhotos)}.Err("session.Ingest")
	}
	return nil
}

func setIfGiven(field *string, value string) {
	if value != "" {
		*field = value
	}
}
