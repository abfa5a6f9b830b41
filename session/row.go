package session

import (
	"context"
	"slices"
	"time"
)

// A Row is what lists show of a session. Its fields are stored as those of [Session] are, so that a store
// reads it out of a stored session in a fraction of the time.
type Row struct {
	ID        ID        `json:"id"`
	Company   string    `json:"company"`
	Reference string    `json:"reference"`
	Status    Status    `json:"status"`
	DecidedBy string    `json:"decided_by"`
	DecidedAt time.Time `json:"decided_at"`
	Person    struct {
		FirstName      string     `json:"first_name"`
		LastName       string     `json:"last_name"`
		DocumentNumber string     `json:"document_number"`
		PersonalNumber string     `json:"personal_number"`
		Sex            string     `json:"sex"`
		BirthDate      Date       `json:"birth_date"`
		ExpirationDate Date       `json:"expiration_date"`
		Nationality    string     `json:"nationality"`
		Local          *LocalName `json:"local"`
	} `json:"person"`
	Document struct {
		Type DocumentType `json:"type"`
	} `json:"document"`
	Checks struct {
		FaceMatchLevel *int `json:"face_match_level"`
	} `json:"checks"`
	Activity struct {
		ClientIP   string    `json:"client_ip"`
		StartedAt  time.Time `json:"started_at"`
		FinishedAt time.Time `json:"finished_at"`
	} `json:"activity"`
	Extra    map[string]any `json:"extra"`
	Findings []struct {
		Code string `json:"code"`
	} `json:"findings"`
	Screening struct {
		Status ScreeningStatus `json:"status"`
	} `json:"screening"`
	Proposal *struct {
		Verdict Verdict `json:"decision"`
	} `json:"proposal"`
	Attempts []struct{} `json:"attempts"`
}

// Name is the full name of the applicant, or "".
func (r Row) Name() string { return joinNonEmpty(" ", r.Person.FirstName, r.Person.LastName) }

// Reasons is [Session.Reasons].
func (r Row) Reasons() []string {
	var codes []string
	for _, f := range r.Findings {
		codes = addReason(codes, f.Code)
	}
	return codes
}

// Rows is [Service.Find] for lists: it returns of each session only what they show.
func (s *Service) Rows(ctx context.Context, actor Actor, q Query) ([]Row, Found, error) {
	found, err := s.search(ctx, actor, q)
	if err != nil {
		return nil, Found{}, err
	}
	rows, err := s.store.Rows(ctx, found.IDs)
	return rows, found, err
}

// Mine returns the sessions that the actor has claimed or been given, newest first, at most 200.
func (s *Service) Mine(ctx context.Context, actor Actor) ([]Row, error) {
	if err := actor.need("session.Mine", MayDecide); err != nil {
		return nil, err
	}
	claims, err := s.store.ClaimsBy(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, c := range claims {
		if c.Holds(s.now()) && actor.Sees(c.Company) && len(ids) < 200 {
			ids = append(ids, c.Session)
		}
	}
	rows, err := s.store.Rows(ctx, ids)
	return slices.DeleteFunc(rows, func(r Row) bool { return r.Status != AwaitingAction }), err
}

// ClaimsOn returns the claims that hold on the sessions of a list, by session. All are read at once.
func (s *Service) ClaimsOn(ctx context.Context, actor Actor, rows []Row) (map[ID]Claim, error) {
	if err := actor.need("session.ClaimsOn", MayRead); err != nil {
		return nil, err
	}
	var ids []ID
	for _, r := range rows {
		if r.Status == AwaitingAction && actor.Sees(r.Company) {
			ids = append(ids, r.ID)
		}
	}
	claims, err := s.store.Claims(ctx, ids)
	for id, c := range claims {
		if !c.Holds(s.now()) {
			delete(claims, id)
		}
	}
	return claims, err
}
