package session

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// An Event is one line of the audit log: who did what to what. Events are chained: each holds the hash
// of the one before, so that none can be changed, dropped or slipped in without breaking the chain.
type Event struct {
	Seq     uint64            `json:"seq"` // from 1, without gaps
	At      time.Time         `json:"at"`
	Actor   string            `json:"actor"`             // "member:01J…"
	Name    string            `json:"name,omitempty"`    // of the actor, to show
	IP      string            `json:"ip,omitempty"`      //
	Action  string            `json:"action"`            // one of the Act constants
	Company string            `json:"company,omitempty"` // whose business it is; "" is the installation's
	Session ID                `json:"session,omitempty"`
	Detail  map[string]string `json:"detail,omitempty"` // no names, numbers or dates of applicants
	Prev    string            `json:"prev"`             // hash of the event before, "" for the first
	Hash    string            `json:"hash"`
}

// The actions of an [Event]. Those of changes of members and keys are in package staff.
const (
	ActCreated            = "session.created"
	ActSubmitted          = "session.submitted"
	ActPhoto              = "session.photo"
	ActFinished           = "session.finished"
	ActExpired            = "session.expired"
	ActAttempt            = "session.attempt"
	ActViewed             = "session.viewed"
	ActPhotoViewed        = "photo.viewed"
	ActPhotoTaken         = "photo.downloaded"
	ActReport             = "session.report"
	ActVerified           = "session.verified"
	ActRejected           = "session.rejected"
	ActReopened           = "session.reopened"
	ActProposed           = "session.proposed"
	ActSentBack           = "session.sent_back"
	ActClaimed            = "session.claimed"
	ActAssigned           = "session.assigned"
	ActReleased           = "session.released"
	ActEdited             = "session.edited"
	ActCommented          = "session.commented"
	ActHold               = "session.hold"
	ActErased             = "session.erased"
	ActUnlinked           = "session.unlinked" // its findings named a session that is erased
	ActErasure            = "erasure.finished"
	ActScreened           = "session.screened"
	ActAlert              = "alert.raised"
	ActDisposition        = "alert.disposition"
	ActAlertProposed      = "alert.proposed"
	ActAlertApproved      = "alert.approved"
	ActAlertSentBack      = "alert.sent_back"
	ActAlertAssigned      = "alert.assigned"
	ActSuppressed         = "suppression.made"
	ActSuppressionEnded   = "suppression.ended"
	ActSuppressionRenewed = "suppression.renewed"
	ActListLoaded         = "list.loaded"
	ActListRefused        = "list.refused"
	ActListRetired        = "list.retired"
	ActReplayed           = "screening.replayed"
	ActListChecked        = "list.checked"
	ActRunStarted         = "run.started"
	ActRunFinished        = "run.finished"
	ActExport             = "export"
	ActExportDropped      = "export.deleted"
	ActExportTaken        = "export.downloaded"
	ActLogin              = "login"
	ActLoginFailed        = "login.failed"
	ActLogout             = "logout"
	ActCodeFailed         = "login.code_failed" // the password was right, the second factor was not
	ActSearched           = "session.searched"  // by a program
	ActAuditChecked       = "audit.checked"
	ActSettings           = "settings.changed"
	ActWebhook            = "webhook.changed"
	ActReindexed          = "index.rebuilt"
	ActBackup             = "backup.made"
	ActBackupFailed       = "backup.failed"
	ActRestored           = "backup.restored"
	ActScreenQueried      = "screen.queried"
)

// Event returns an event of a's doing.
func (a Actor) Event(at time.Time, action, company string, id ID, detail map[string]string) Event {
	return Event{At: at, Actor: a.ID, Name: a.Name, IP: a.IP, Action: action, Company: company, Session: id, Detail: detail}
}

// Link returns e as the event after the one with number seq and hash prev, and its JSON.
func (e Event) Link(seq uint64, prev string) (Event, []byte) {
	e.Seq, e.Prev = seq+1, prev
	e.At = e.At.UTC().Truncate(time.Microsecond)
	canonical := e.canonical()
	e.Hash = e.sum(canonical)
	const end = `"}` // the hash stands last
	return e, append(append(canonical[:len(canonical)-len(end)], e.Hash...), end...)
}

// canonical is the JSON of e with an empty hash, whose keys encoding/json writes in a fixed order.
func (e Event) canonical() []byte {
	e.Hash = ""
	data, err := json.Marshal(e)
	if err != nil { // strings, numbers and times always encode
		panic(fmt.Sprintf("session: event does not encode: %v", err))
	}
	return data
}

// sum is the SHA-256 of the previous hash and the canonical form of e.
func (e Event) sum(canonical []byte) string {
	h := sha256.New()
	h.Write([]byte(e.Prev))
	h.Write(canonical)
	return hex.EncodeToString(h.Sum(nil))
}

// A Chain checks events in order. The zero Chain waits for the first event.
type Chain struct {
	Seq  uint64
	Hash string
}

// Check takes the next event and says what is wrong with it, if anything.
func (c *Chain) Check(e Event) error {
	switch {
	case e.Seq != c.Seq+1:
		return fmt.Errorf("event %d follows event %d: one or more are missing", e.Seq, c.Seq)
	case e.Prev != c.Hash:
		return fmt.Errorf("event %d does not name the hash of event %d", e.Seq, c.Seq)
	case e.sum(e.canonical()) != e.Hash:
		return fmt.Errorf("event %d was changed: its content does not give its hash", e.Seq)
	}
	c.Seq, c.Hash = e.Seq, e.Hash
	return nil
}
