package session

import (
	"context"
	"iter"
	"time"

	"dossier/sanctions"
)

// A Store keeps everything durably. What it answered survives a crash. kv.DB is the one we ship;
// storetest holds the conformance test that a second one would have to pass.
type Store interface {
	Sessions
	Photos
	Audit
	Companies
	Lists
	Screenings
	Claims
	Preferred
	Exports
	Webhooks
	Erasing
}

// Sessions is the store's part for sessions.
type Sessions interface {
	// Session returns the stored session, or a NotFound error.
	Session(ctx context.Context, id ID) (Session, error)
	// Load returns the sessions with these ids, in that order, leaving out those that are gone.
	Load(ctx context.Context, ids []ID) ([]Session, error)
	// ForIndex is Load, and may give of each session only what the index takes: see [Session.ForIndex]. What
	// it gives is at least as new as the marks that were read before.
	ForIndex(ctx context.Context, ids []ID) ([]Session, error)
	// Rows is Load, and reads of each session only what lists show. They are not to be changed.
	Rows(ctx context.Context, ids []ID) ([]Row, error)
	// All yields every session in order of id, starting after the given one ("" is from the start).
	// It reads one consistent snapshot. A session that cannot be read is yielded as an error, with its id
	// alone, and passed over; an error without an id ends the walk.
	All(ctx context.Context, after ID) iter.Seq2[Session, error]
	// Subjects is All, and reads of each session only what screening takes: see [Subject].
	Subjects(ctx context.Context, after ID) iter.Seq2[Session, error]
	// Count returns how many sessions there are.
	Count(ctx context.Context) (int, error)
	// Commit stores a change in one transaction with its audit events and its marks, and returns the
	// session with its new version. It answers after the write is durable. It returns Conflict when
	// the stored version is not the one that the session was read at, or when Once was used before.
	Commit(ctx context.Context, c Change) (Session, error)
	// CommitAll stores changes of several sessions in one transaction, all or none, and returns the
	// sessions in their order. Where Commit of one would fail, it fails, and where they are too much together.
	CommitAll(ctx context.Context, changes []Change) ([]Session, error)
	// Twins returns other sessions of the company with this document or personal number.
	Twins(ctx context.Context, company, documentNumber, personalNumber string, not ID) ([]Twin, error)
	// Unfinished returns sessions in progress that started before t, oldest first, at most n, starting
	// after the given one ("" is from the oldest).
	Unfinished(ctx context.Context, t time.Time, after ID, n int) ([]ID, error)
	// Once returns the idempotency record of key, or a NotFound error.
	Once(ctx context.Context, key string) (Once, error)
	// Marks returns sessions that changed since they were last indexed, oldest mark first, at most n.
	Marks(ctx context.Context, n int) ([]Mark, error)
	// LastMark returns the number up to which marks were given: one that is set from now on has a higher one.
	LastMark(ctx context.Context) (seq uint64, err error)
	// ClearMarks takes the marks away, save those set again since.
	ClearMarks(ctx context.Context, marks []Mark) error
}

// A Change is what one operation writes, all or nothing.
type Change struct {
	Session *Session // stored under its id; Version must be the stored one, 0 for a new session
	Events  []Event  // appended to the audit chain
	Alerts  []Alert  // Version must be the stored one, 0 for a new alert
	// Suppressions are put like alerts: Version must be the stored one.
	Suppressions []Suppression
	Hooks        []Delivery // put into the queues of their webhooks
	Unclaim      bool       // takes the claim on the session away
	Unsearched   bool       // of the session nothing changed by which it is found: the index need not take it in again
	Once         *Once      // idempotency record, refused when its key is taken
}

// Once remembers what a request with an idempotency key gave.
type Once struct {
	Key     string    `json:"key"`     // scoped by the caller: "key:ab12/7f3c…"
	Hash    string    `json:"hash"`    // of the request; another body under the same key is refused
	Session ID        `json:"session"` // that it changed, or the run that it asked for
	At      time.Time `json:"at"`      // kept for 30 days
}

// A Twin is another session that shows the same number.
type Twin struct {
	ID       ID
	Name     string // full name
	Document bool   // the document number is the same; otherwise the personal number
}

// A Mark says that a session changed after it was indexed.
type Mark struct {
	ID  ID
	Seq uint64 // grows with every write, so that a mark set again is not cleared by an older one
}

// Photos is the store's part for images: content-addressed, checked on reading.
type Photos interface {
	// PutPhoto stores data under its SHA-256 (hex), which it returns. Storing it twice is no error.
	PutPhoto(ctx context.Context, data []byte) (sha256 string, err error)
	// Photo returns the bytes, or NotFound; bytes that no longer give their hash are an Internal error.
	Photo(ctx context.Context, sha256 string) ([]byte, error)
}

// An EventFilter chooses audit events. Zero fields choose all.
type EventFilter struct {
	Session   ID
	Companies []string // nil is all, the installation's own included
	Action    string   // exact, or a prefix ending in "."
	Actor     string   // who did it, or to which member it was done
	From, To  time.Time
	Before    uint64 // only events with a smaller Seq: the cursor; 0 is from the newest
	Limit     int    // 0 means 50
}

// Audit is the store's part for the audit log.
type Audit interface {
	// Record appends events by themselves; Commit appends those of a change.
	Record(ctx context.Context, events ...Event) error
	// Events returns events newest first, and where it stopped: the Before with which to go on, 0 at the
	// beginning of the log. It stops at the limit, and may stop before it after a long walk that met few.
	Events(ctx context.Context, f EventFilter) (events []Event, next uint64, err error)
	// EachEvent yields all events, oldest first.
	EachEvent(ctx context.Context) iter.Seq2[Event, error]
}

// Companies is the store's part for companies.
type Companies interface {
	Company(ctx context.Context, slug string) (Company, error)
	AllCompanies(ctx context.Context) ([]Company, error) // by slug
	// PutCompany stores c with its event, and keeps the version before. Version must be the stored one
	// (0: new), and grows by one.
	PutCompany(ctx context.Context, c Company, e Event) (Company, error)
	// CompanyVersion returns the company as it was in a version, or a NotFound error.
	CompanyVersion(ctx context.Context, slug string, version int) (Company, error)
	// CompanyVersions returns versions older than before (0: all), newest first, at most n.
	CompanyVersions(ctx context.Context, slug string, before, n int) ([]Company, error)
}

// Lists is the store's part for sanctions lists.
type Lists interface {
	// PutList brings a list into force: raw file, record, problems and events in one step that holds or
	// does not.
	PutList(ctx context.Context, l ListRecord, raw []byte, problems []sanctions.Problem, events ...Event) error
	// ConfirmList notes a look that found the list in force, see [ListRecord.Confirmed].
	ConfirmList(ctx context.Context, id string, c ListCheck, events ...Event) error
	// ListRecords returns the lists in force, by id.
	ListRecords(ctx context.Context) ([]ListRecord, error)
	// ListIDs returns the ids of all lists that are in force or were, in order.
	ListIDs(ctx context.Context) ([]string, error)
	// ListHistory returns every version of a list that was in force, newest first.
	ListHistory(ctx context.Context, id string) ([]ListRecord, error)
	// ListVersion returns the newest version of a list with this SHA-256 or NotFound.
	ListVersion(ctx context.Context, id, sha256 string) (ListVersion, error)
	// RetireList takes a list out of force: its record in the history gets r.
	RetireList(ctx context.Context, id string, r Retirement, events ...Event) error
	// RawList returns the archived file with this SHA-256.
	RawList(ctx context.Context, sha256 string) ([]byte, error)
	// PutAttempt remembers a try to bring a list up to date. Of each list at least the newest 200 are kept.
	PutAttempt(ctx context.Context, a ListAttempt, events ...Event) error
	// Attempts returns the newest n tries of a list, "" is of every list.
	Attempts(ctx context.Context, list string, n int) ([]ListAttempt, error)
}

// An AlertFilter chooses alerts. Zero fields choose all.
type AlertFilter struct {
	Companies    []string // nil is all
	State        DispositionState
	List, Entry  string // an entry is asked for together with its list
	Session      ID
	Suppression  string    // held down by it
	Assignees    []string  // "" is nobody; nil is all
	MinScore     float64   //
	RaisedBefore time.Time // zero is whenever
	Order        AlertOrder
	After        string // id of an alert: only those that come after it
	Cursor       string
	Limit        int  // 0 means 50
	Uncounted    bool // nobody wants to know how many match
}

// An AlertOrder is an order of alerts.
type AlertOrder string

// The orders of alerts. Those of a session and of an entry come newest first, whatever is asked for.
const (
	NewestAlerts  AlertOrder = ""
	OldestAlerts  AlertOrder = "oldest"
	HighestScores AlertOrder = "score"
)

// MaxCounted is where a store may stop to count alerts: a total of as many means so many or more.
const MaxCounted = 10_000

// A SuppressionFilter chooses suppressions. Zero fields choose all that are in force.
type SuppressionFilter struct {
	Companies []string // nil is all
	Ended     bool     // those that hold no more instead, the last ended first
	DueBefore time.Time
	List      string
	Owner     string
	Session   ID // made there; then those in force and those ended, newest first
	// MatcherNot leaves out those whose fingerprint is this matcher's.
	MatcherNot string
	Cursor     string
	Limit      int  // 0 means 50
	Uncounted  bool // nobody wants to know how many match
}

// Screenings is the store's part for alerts, suppressions and re-screening runs.
type Screenings interface {
	Alert(ctx context.Context, id string) (Alert, error)
	// Alerts returns alerts in the order asked for, the cursor of the next page ("" at the end), and how
	// many match in all, see MaxCounted.
	Alerts(ctx context.Context, f AlertFilter) (alerts []Alert, next string, total int, err error)
	// OpenAlerts returns how many alerts of the companies (nil is all) are open, counted up to most.
	OpenAlerts(ctx context.Context, companies []string, most int) (int, error)
	// OpenAlertTimes yields when each open alert of the companies (nil is all) was raised, in no order.
	OpenAlertTimes(ctx context.Context, companies []string) iter.Seq2[time.Time, error]
	Suppression(ctx context.Context, id string) (Suppression, error)
	// SuppressionsOf returns what holds down hits of persons with this fingerprint, in a company.
	SuppressionsOf(ctx context.Context, company, fingerprint string) ([]Suppression, error)
	// Suppressions returns suppressions, those in force by their day of review, with the cursor of the
	// next page ("" at the end) and how many match in all, see MaxCounted.
	Suppressions(ctx context.Context, f SuppressionFilter) (all []Suppression, next string, total int, err error)
	// EachAlert yields every alert, in no order that matters; of those that Erase deleted, see
	// [Alert.WithoutPerson].
	EachAlert(ctx context.Context) iter.Seq2[Alert, error]
	PutRun(ctx context.Context, r Run, events ...Event) error
	// Advance stores how far a run is, and which sessions it confirmed on the way, in one step.
	Advance(ctx context.Context, r Run, c Confirmation) error
	Run(ctx context.Context, id string) (Run, error)
	// Runs returns the newest n runs.
	Runs(ctx context.Context, n int) ([]Run, error)
	// Confirmed returns the run that confirmed the session last, and as of when; "" where none did as of t or later.
	Confirmed(ctx context.Context, id ID, t time.Time) (run string, at time.Time, err error)
}

// Claims is the store's part for who works on what.
type Claims interface {
	// PutClaim stores c with its event and returns it. Where somebody else's claim holds at c.Seen, and
	// that is not over, it is a Conflict, and so it is where the session has another version than the
	// claim names. Who has the session already keeps Since and AssignedBy, and nothing is recorded. Here
	// and in DropClaim, an idempotency key that was used before is a Conflict.
	PutClaim(ctx context.Context, c Claim, over string, e Event, once *Once) (Claim, error)
	// TouchClaim sets when the member of c was last at work on its session, where that member still has it.
	TouchClaim(ctx context.Context, c Claim) error
	// DropClaim takes the claim of a member on a session away. Where there is none, nothing happens.
	DropClaim(ctx context.Context, id ID, by string, e Event, once *Once) error
	// Claims returns the claims on sessions, by session.
	Claims(ctx context.Context, ids []ID) (map[ID]Claim, error)
	// ClaimsBy returns the claims of a member, newest session first.
	ClaimsBy(ctx context.Context, member string) ([]Claim, error)
}

// Preferred is the store's part for what members chose for themselves.
type Preferred interface {
	// Preferences returns those of a member, the zero value with the name where nothing was chosen.
	Preferences(ctx context.Context, member string) (Preferences, error)
	// PutPreferences stores p. Version must be the stored one, and grows by one.
	PutPreferences(ctx context.Context, p Preferences) error
}

// Exports is the store's part for files that are made in the background. They go away by themselves.
type Exports interface {
	// PutExport stores e, new or further on, with its events. One that has failed stays as it is, and is
	// NotFound.
	PutExport(ctx context.Context, e Export, events ...Event) error
	// AddToExport stores e with one more piece of its file, the one with number e.Pieces-1, and with the
	// sessions that came into the file since the piece before. It is NotFound when the export was deleted
	// meanwhile or has failed, which it does when one of its sessions is erased.
	AddToExport(ctx context.Context, e Export, piece []byte, sessions []ID) error
	Export(ctx context.Context, id string) (Export, error)
	// ExportPiece returns a piece of the file, from 0.
	ExportPiece(ctx context.Context, id string, n int) ([]byte, error)
	// ExportsOf returns the exports of a member, newest first; "" is everybody's.
	ExportsOf(ctx context.Context, member string) ([]Export, error)
	// DropExport deletes an export with its file.
	DropExport(ctx context.Context, id string, e Event) error
}

// Webhooks is the store's part for webhooks, their queues and their logs.
type Webhooks interface {
	// Webhooks returns all webhooks, oldest first.
	Webhooks(ctx context.Context) ([]Webhook, error)
	// PutWebhook stores w with its events. Version must be the stored one (0: new), and grows by one.
	PutWebhook(ctx context.Context, w Webhook, events ...Event) (Webhook, error)
	// DeleteWebhook forgets a webhook, its queue and its log.
	DeleteWebhook(ctx context.Context, id string, events ...Event) error
	// PutDelivery stores d: in the queue while it waits, otherwise in the log alone, for DeliveriesKept.
	PutDelivery(ctx context.Context, d Delivery) error
	// Delivery returns one delivery, or NotFound.
	Delivery(ctx context.Context, webhook, id string) (Delivery, error)
	// Deliveries returns deliveries newest first, those before the given id ("" is from the newest), at most n.
	Deliveries(ctx context.Context, webhook, before string, n int) ([]Delivery, error)
	// WaitingDeliveries returns the queue of a webhook, oldest first, after the given id, at most n.
	WaitingDeliveries(ctx context.Context, webhook, after string, n int) ([]Waiting, error)
}

// Owed is what is left to do after erasures.
type Owed struct {
	Files bool // of the store: they may hold what was deleted, or a photo is yet to be deleted
	Words bool // of erased sessions: the index, which cannot forget single words, has not been built anew since
}

// Erasing is the store's part for what has been kept long enough.
type Erasing interface {
	// Kept returns sessions of the company whose record or photos are kept since the time of after or
	// later, and not after until, in order of that time; those after it, at most n.
	Kept(ctx context.Context, company string, what ErasureKind, after Kept, until time.Time, n int) ([]Kept, error)
	// Erase deletes the session with everything that is about it: its marks, numbers, alerts, idempotency
	// records, and photos that no other session shows; the exports that it is in fail and lose their files.
	// Of it remain the audit events, its alerts without the person, which EachAlert alone finds, and a mark
	// that lets the index forget it. It returns Conflict unless the stored version is this one.
	Erase(ctx context.Context, id ID, version int, events ...Event) error
	// SweepPhotos deletes photos that no session shows, save those stored within the last hour, and says
	// how many: an intake that was cut off leaves such.
	SweepPhotos(ctx context.Context) (int, error)
	// ErasureOwed returns what is left to do after erasures.
	ErasureOwed(ctx context.Context) (Owed, error)
	// IndexRebuilt notes that the index was built anew from what was stored when LastMark was last, or later.
	IndexRebuilt(ctx context.Context, last uint64) error
	// Purge takes what was deleted out of the files. It returns Unavailable when readers of an older state
	// keep it from that, or a photo of an erased session was stored within the last hour: it is to be tried again.
	Purge(ctx context.Context) error
	PutErasure(ctx context.Context, e Erasure, events ...Event) error
	// Erasures returns the newest n.
	Erasures(ctx context.Context, n int) ([]Erasure, error)
}

// An Index finds sessions by text and filters. It may lag behind the store, and may be thrown away.
type Index interface {
	// Put indexes sessions, replacing what it had of them.
	Put(ctx context.Context, sessions []Session) error
	// Delete forgets sessions.
	Delete(ctx context.Context, ids []ID) error
	// Search returns ids, newest session first.
	Search(ctx context.Context, q Query) (Found, error)
	// Neighbour returns the session next to id in what Search finds for q, whether id is among it or not:
	// the next older one, or the next newer one; "" where there is none.
	Neighbour(ctx context.Context, q Query, id ID, newer bool) (ID, error)
	// Rebuild builds a new index aside from all sessions and swaps it in; searches go on meanwhile, and
	// what is Put meanwhile is kept.
	Rebuild(ctx context.Context, all iter.Seq2[Session, error]) error
	// NeedsRebuild reports whether the index is new, broken or of an older mapping, and needs a Rebuild.
	NeedsRebuild() bool
	// Progress is how many sessions the Rebuild under way has taken in, 0 where none is.
	Progress() int
}

// A Query is a search. Zero fields choose all.
type Query struct {
	Text      string   // tokens; each is a prefix of a name, number, id, reference or extra value
	Companies []string // nil is all
	Status    []Status
	Documents []DocumentType
	Reasons   []string // see Session.Reasons
	Nations   []string // nationality
	Screening []ScreeningStatus
	Proposed  bool      // only those with a decision that awaits approval
	From, To  time.Time // started in [From, To)
	Cursor    string    // from Found.Next
	Limit     int       // 0 means 25, at most 200
	Lagging   bool      // do not wait for the index to take in what was written just now
}

// Found is a page of a search.
type Found struct {
	IDs      []ID
	Total    int    // exact up to 10,000
	More     bool   // there are more than Total
	Next     string // cursor of the next page, "" at the end
	Forgiven bool   // nothing matched as typed: these match with one typing error
	Gap      string // why some may be missing, see [Service.Gap], which sets it
}
