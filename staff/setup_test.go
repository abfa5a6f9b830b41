package staff

import (
	"context"
	"errors"
	"testing"
	"time"
)

// few is a store that knows members only: all that the first set-up looks at.
type few struct {
	Store
	members []Member
}

func (f *few) Members(context.Context) ([]Member, error) { return f.members, nil }

func (f *few) AddMember(_ context.Context, m Member, _ *Note) error {
	f.members = append(f.members, m)
	return nil
}

func TestSetup(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	store := &few{}
	s := NewService(store, func() time.Time { return now })
	ctx := t.Context()
	if s.SetupOpen(ctx, "") {
		t.Error("open before it began")
	}
	first, err := s.BeginSetup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.BeginSetup(ctx)
	if err != nil || s.SetupOpen(ctx, first) || !s.SetupOpen(ctx, token) {
		t.Errorf("only the newest token counts: %v", err)
	}
	var typed *ProblemError
	if _, err := s.FinishSetup(ctx, token, Member{Email: "m@example.com", Name: "M"}, "short"); !errors.As(err, &typed) || !s.SetupOpen(ctx, token) {
		t.Errorf("after a short password: %v", err)
	}
	now = now.Add(SetupTime)
	if _, err := s.FinishSetup(ctx, token, Member{Email: "m@example.com", Name: "M"}, "a good long password"); !errors.Is(err, ErrSetupClosed) {
		t.Errorf("after half an hour: %v", err)
	}
	token, _ = s.BeginSetup(ctx)
	m, err := s.FinishSetup(ctx, token, Member{Email: "m@example.com", Name: "M", Role: Auditor}, "a good long password")
	if err != nil || m.Role != Master || !m.Everyone {
		t.Errorf("the first member is %+v: %v", m, err)
	}
	if _, err := s.FinishSetup(ctx, token, Member{Email: "n@example.com", Name: "N"}, "a good long password"); !errors.Is(err, ErrSetupClosed) {
		t.Errorf("the same token again: %v", err)
	}
	if _, err := s.BeginSetup(ctx); !errors.Is(err, ErrSetupClosed) {
		t.Errorf("with a member: %v", err)
	}
}
