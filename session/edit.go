package session

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// An Amendment changes client information, by JSON field name: {"first_name": "Nino"}. Only the fields
// of the person can be amended, and only while the session is not decided.
type Amendment struct {
	Version int               `json:"version,omitempty"` // the one that the reviewer saw; 0 does not look
	Fields  map[string]string `json:"fields"`
	Reason  string            `json:"reason"`
}

// Amend edits client information. What an MRZ gave with correct check digits needs a reason. The person
// is screened again, and the rules have their say again.
func (s *Service) Amend(ctx context.Context, actor Actor, id ID, a Amendment) (Session, error) {
	if err := actor.need("session.Amend", MayDecide); err != nil {
		return Session{}, err
	}
	if len(a.Fields) == 0 {
		return Session{}, Fields{"fields": "Name at least one field to change."}.Err("session.Amend")
	}
	compared := s.lists.Load().index
	got, err := s.change(ctx, actor, id, a.Version, func(got *Session) (Change, error) {
		if got.Status != AwaitingAction && got.Status != InProgress {
			return Change{}, conflict("session.Amend", "Client information can be edited only while the session is not decided.")
		}
		now := s.now().UTC()
		changed, err := got.amend(a, actor.ID, now)
		if err == nil && len(changed) == 0 {
			err = errNothing
		}
		if err != nil {
			return Change{}, err
		}
		c := Change{Events: []Event{actor.Event(now, ActEdited, got.Company, id, map[string]string{"fields": strings.Join(changed, ", ")})}}
		got.note(actor, now, NoteEdited, strings.Join(changed, ", ")+joinNonEmpty("", ": ", a.Reason))
		if got.Proposal != nil { // it was made of other facts
			got.Proposal = nil
			got.note(actor, now, NoteSentBack, "The client information was edited after the proposal.")
		}
		if got.Status == AwaitingAction {
			err = s.judgeAgain(ctx, got, &c)
		}
		return c, err
	})
	if err != nil || got.Status != AwaitingAction {
		return got, err
	}
	return s.upToDate(ctx, got, compared)
}

// judgeAgain screens an undecided session anew and runs the rules; that nothing speaks against it any
// more is for the reviewer to say, so it stays in the queue.
func (s *Service) judgeAgain(ctx context.Context, got *Session, c *Change) error {
	company, err := s.store.Company(ctx, got.Company)
	if err != nil {
		return err
	}
	if err := s.screen(ctx, got, company, "edit", c); err != nil {
		return err
	}
	return s.findBy(ctx, got, company)
}

// findAgain brings the findings up to date; the status stays the reviewer's.
func (s *Service) findAgain(ctx context.Context, got *Session) error {
	company, err := s.store.Company(ctx, got.Company)
	if err != nil {
		return err
	}
	return s.findBy(ctx, got, company)
}

// findBy is findAgain by the settings of the company.
func (s *Service) findBy(ctx context.Context, got *Session, company Company) error {
	twins, err := s.store.Twins(ctx, got.Company, got.Person.DocumentNumber, got.Person.PersonalNumber, got.ID)
	if err == nil {
		got.Findings, _ = Judge(*got, company.Settings, Facts{Today: s.now().UTC(), Twins: twins})
		got.RulesVersion = company.Version
	}
	return err
}

// amend applies a, keeps what was there before, and returns the names of the fields that changed.
func (s *Session) amend(a Amendment, by string, at time.Time) ([]string, error) {
	edited := s.Person
	edited.Sources = maps.Clone(edited.Sources)
	if edited.Local != nil {
		local := *edited.Local
		edited.Local = &local
	}
	var bad Fields
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(a.Fields)) {
		old, set, ok := edited.field(name)
		value := strings.TrimSpace(a.Fields[name])
		switch {
		case !ok:
			bad.Add(name, "This is no field of the client information.")
		case value != old:
			if s.provedByMRZ(name) && strings.TrimSpace(a.Reason) == "" {
				bad.Add("reason", "The MRZ gave this with correct check digits: say why it is changed.")
			}
			set(value)
			edited.setSource(name, FromMember)
			edited.Edits = append(slices.Clone(edited.Edits), Edit{At: at, By: by, Field: name, Old: old, New: value, Reason: strings.TrimSpace(a.Reason)})
			changed = append(changed, name)
		}
	}
	checkText(&bad, "reason", a.Reason, maxLongText)
	if edited.Local != nil && *edited.Local == (LocalName{}) { // looked at above, and still empty
		edited.Local = nil
	}
	checked := edited
	checked.Edits = nil
	checked.Sources = nil
	checked.check(&bad)
	if err := bad.Err("session.Amend"); err != nil {
		return nil, err
	}
	s.Person = edited
	return changed, nil
}

// field gives access to a field of p by its JSON name.
func (p *Person) field(name string) (old string, set func(string), ok bool) {
	switch name {
	case "birth_date":
		return string(p.BirthDate), func(v string) { p.BirthDate = Date(v) }, true
	case "expiration_date":
		return string(p.ExpirationDate), func(v string) { p.ExpirationDate = Date(v) }, true
	}
	if strings.HasPrefix(name, "local.") && p.Local == nil {
		p.Local = &LocalName{}
	}
	for _, f := range p.textFields() {
		if f.name == name {
			return *f.value, func(v string) { *f.value = v }, true
		}
	}
	return "", nil, false
}

// provedByMRZ reports whether the zone gave the field and no check of it failed.
func (s *Session) provedByMRZ(name string) bool {
	if s.Person.Sources[name] != FromMRZ {
		return false
	}
	for _, e := range s.Document.MRZErrors {
		if e.Field == name || e.Field == name+"_check_digit" {
			return false
		}
	}
	return true
}
