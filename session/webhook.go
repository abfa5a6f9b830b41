package session

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Webhook is an address of a company that is told what happens to its sessions.
type Webhook struct {
	ID           string       `json:"id"` // ULID
	Company      string       `json:"company"`
	Version      int          `json:"version"`
	URL          string       `json:"url"`
	Method       string       `json:"method"` // POST or PUT
	Events       []HookEvent  `json:"events"`
	Secrets      []HookSecret `json:"secrets"` // the newest first; more than one while the receiver changes over
	Enabled      bool         `json:"enabled"`
	CreatedAt    time.Time    `json:"created_at"`
	FailingSince time.Time    `json:"failing_since,omitzero"` // no delivery has succeeded since
	Stopped      string       `json:"stopped,omitempty"`      // why Dossier itself switched it off
}

// A HookEvent is something that webhooks are told.
type HookEvent string

// The events of a [Webhook].
const (
	HookFinished HookEvent = "session.finished" // the applicant is done, and the rules have had their say
	HookDecided  HookEvent = "session.decided"  // a member verified or rejected the session
	HookAlert    HookEvent = "screening.alert"  // the person may be on a sanctions list
	HookTest     HookEvent = "test"             // somebody pressed the test button
)

// HookEvents are the events that a webhook may ask for.
var HookEvents = []HookEvent{HookFinished, HookDecided, HookAlert}

// hookOf says which audit events are told to webhooks, and as what.
var hookOf = map[string]HookEvent{ActFinished: HookFinished, ActVerified: HookDecided, ActRejected: HookDecided, ActAlert: HookAlert}

// A HookSecret signs deliveries.
type HookSecret struct {
	Text  string    `json:"text"`
	Until time.Time `json:"until,omitzero"` // zero: for as long as it is the newest
}

const (
	maxWebhooks     = 20             // a company
	secretOverlap   = 24 * time.Hour // how long the secret before the newest still signs
	hookStopsAfter  = 5 * 24 * time.Hour
	secretPrefix    = "whsec_"
	maxHookURLBytes = 2000
)

func newSecret() HookSecret {
	b := make([]byte, 32)
	rand.Read(b) // never fails: see crypto/rand
	return HookSecret{Text: secretPrefix + base64.RawURLEncoding.EncodeToString(b)}
}

// Secret is the one that receivers should know.
func (w Webhook) Secret() string {
	if len(w.Secrets) == 0 {
		return ""
	}
	return w.Secrets[0].Text
}

// signing are the secrets that sign at the time now.
func (w Webhook) signing(now time.Time) []string {
	var texts []string
	for _, s := range w.Secrets {
		if s.Until.IsZero() || now.Before(s.Until) {
			texts = append(texts, s.Text)
		}
	}
	return texts
}

// wants reports whether e is to be told to w.
func (w Webhook) wants(e HookEvent) bool { return w.Enabled && slices.Contains(w.Events, e) }

func (w Webhook) check() error {
	var bad Fields
	u, err := url.Parse(w.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		bad.Add("url", "Give an address such as https://example.com/dossier.")
	case u.User != nil:
		bad.Add("url", "Leave user name and password out of the address: the signature proves who sends.")
	case len(w.URL) > maxHookURLBytes:
		bad.Add("url", fmt.Sprintf("At most %d characters are taken.", maxHookURLBytes))
	}
	if w.Method != "POST" && w.Method != "PUT" {
		bad.Add("method", "Use POST or PUT.")
	}
	if len(w.Events) == 0 {
		bad.Add("events", "Choose at least one event.")
	}
	for _, e := range w.Events {
		if !slices.Contains(HookEvents, e) {
			bad.Add("events", "There is no event "+clip(string(e), 40)+".")
		}
	}
	return bad.Err("session.SaveWebhook")
}

// Webhooks returns the webhooks of a company that the actor manages, oldest first.
func (s *Service) Webhooks(ctx context.Context, actor Actor, company string) ([]Webhook, error) {
	if err := actor.need("session.Webhooks", MayManage); err != nil {
		return nil, err
	}
	if _, err := s.company(ctx, actor, company); err != nil {
		return nil, err
	}
	all, err := s.store.Webhooks(ctx)
	return slices.DeleteFunc(all, func(w Webhook) bool { return w.Company != company }), err
}

// Webhook returns one webhook, or NotFound.
func (s *Service) Webhook(ctx context.Context, actor Actor, id string) (Webhook, error) {
	if err := actor.need("session.Webhook", MayManage); err != nil {
		return Webhook{}, err
	}
	all, err := s.store.Webhooks(ctx)
	if err != nil {
		return Webhook{}, err
	}
	for _, w := range all {
		if w.ID == id && actor.Sees(w.Company) {
			return w, nil
		}
	}
	return Webhook{}, notFound("session.Webhook", "webhook")
}

// AddWebhook stores a new webhook with a secret of its own, and returns it.
func (s *Service) AddWebhook(ctx context.Context, actor Actor, w Webhook) (Webhook, error) {
	there, err := s.Webhooks(ctx, actor, w.Company)
	if err != nil {
		return Webhook{}, err
	}
	if len(there) >= maxWebhooks {
		return Webhook{}, Fields{"url": fmt.Sprintf("A company has at most %d webhooks.", maxWebhooks)}.Err("session.AddWebhook")
	}
	now := s.now().UTC()
	w.ID, w.Version, w.CreatedAt, w.Enabled, w.Secrets = string(NewID(now)), 0, now, true, []HookSecret{newSecret()}
	return s.saveWebhook(ctx, actor, w, "added")
}

// SaveWebhook changes address, method, events, or whether the webhook is on. Version must be the one that
// was read.
func (s *Service) SaveWebhook(ctx context.Context, actor Actor, w Webhook) (Webhook, error) {
	old, err := s.Webhook(ctx, actor, w.ID)
	if err != nil {
		return Webhook{}, err
	}
	what := "changed"
	if old.Enabled != w.Enabled {
		what = map[bool]string{true: "switched on", false: "switched off"}[w.Enabled]
		old.FailingSince, old.Stopped = time.Time{}, ""
	}
	old.Version, old.URL, old.Method, old.Events, old.Enabled = w.Version, w.URL, w.Method, w.Events, w.Enabled
	return s.saveWebhook(ctx, actor, old, what)
}

// RotateSecret gives the webhook a new secret. Deliveries carry signatures by both for a day.
func (s *Service) RotateSecret(ctx context.Context, actor Actor, id string) (Webhook, error) {
	w, err := s.Webhook(ctx, actor, id)
	if err != nil {
		return Webhook{}, err
	}
	before := w.Secrets[0]
	before.Until = s.now().UTC().Add(secretOverlap)
	w.Secrets = []HookSecret{newSecret(), before}
	return s.saveWebhook(ctx, actor, w, "secret changed")
}

// DeleteWebhook forgets a webhook, what still waits for it, and its log.
func (s *Service) DeleteWebhook(ctx context.Context, actor Actor, id string) error {
	w, err := s.Webhook(ctx, actor, id)
	if err != nil {
		return err
	}
	if err := s.store.DeleteWebhook(ctx, id, s.webhookEvent(actor, w, "deleted")); err != nil {
		return err
	}
	return s.hooks.load(ctx, s.store)
}

func (s *Service) saveWebhook(ctx context.Context, actor Actor, w Webhook, what string) (Webhook, error) {
	w.URL = strings.TrimSpace(w.URL)
	if err := w.check(); err != nil {
		return Webhook{}, err
	}
	w, err := s.store.PutWebhook(ctx, w, s.webhookEvent(actor, w, what))
	if err != nil {
		return Webhook{}, err
	}
	return w, s.hooks.load(ctx, s.store)
}

func (s *Service) webhookEvent(actor Actor, w Webhook, what string) Event {
	return actor.Event(s.now().UTC(), ActWebhook, w.Company, "", map[string]string{"webhook": w.ID, "what": what})
}
