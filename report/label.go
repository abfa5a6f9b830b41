package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"dossier/session"
)

const (
	unknown      = "—"
	notPerformed = "Not performed"
)

// or is text, or the dash that stands for unknown.
func or(text string) string {
	if strings.TrimSpace(text) == "" {
		return unknown
	}
	return text
}

// A mark is a value with the colour and the sign that say whether it is good news.
type mark struct {
	text   string
	colour colour
}

func (m mark) cell() cell { return cell{{m.text, style{regular, body.size, m.colour}}} }

func (m mark) blocks(more ...block) cell { return append(m.cell(), more...) }

// verdict is a result that may be unknown: yes or no in the words given.
func verdict(b *bool, yes, no, none string) mark {
	switch {
	case b == nil:
		return mark{none, muted}
	case *b:
		return mark{"✓ " + yes, good}
	}
	return mark{"✗ " + no, bad}
}

func performed(b *bool) mark { return verdict(b, "Yes", "No", notPerformed) }

// value is a text as a cell; an unknown one is muted.
func value(text string) cell {
	if or(text) == unknown {
		return mark{unknown, muted}.cell()
	}
	return plain(text)
}

var statusLabels = map[session.Status]mark{
	session.InProgress:     {"In progress", muted},
	session.AwaitingAction: {"Awaiting action", warning},
	session.Success:        {"Success", good},
	session.Rejected:       {"Rejected", bad},
	session.Expired:        {"Expired", muted},
}

// outcomeLabels are for the attempts before the last, which end otherwise than sessions do.
var outcomeLabels = map[string]mark{
	"abandoned":                    {"Abandoned", muted},
	string(session.InProgress):     statusLabels[session.InProgress],
	string(session.AwaitingAction): statusLabels[session.AwaitingAction],
	string(session.Success):        statusLabels[session.Success],
	string(session.Rejected):       statusLabels[session.Rejected],
	string(session.Expired):        statusLabels[session.Expired],
}

var screeningLabels = map[session.ScreeningStatus]mark{
	session.NotScreened:    {"Not screened", muted},
	session.Clear:          {"✓ Clear: no hits", good},
	session.PotentialMatch: {"Potential match", warning},
	session.Match:          {"✗ Match", bad},
	session.ScreeningError: {"Screening failed", bad},
}

var severityLabels = map[session.Severity]mark{
	session.Info:   {"Info", muted},
	session.Review: {"Review", warning},
	session.Reject: {"Reject", bad},
}

var dispositionLabels = map[session.DispositionState]mark{
	session.DispositionOpen:      {"Open", warning},
	session.DispositionMatch:     {"✗ Match confirmed", bad},
	session.DispositionNoMatch:   {"✓ No match", good},
	session.DispositionEscalated: {"Escalated", warning},
	session.DispositionProposed:  {"Proposed, not approved", warning},
	session.DispositionGone:      {"Taken off its list", muted},
}

var runLabels = map[session.RunStatus]mark{
	session.RunQueued: {"Queued", muted}, session.RunRunning: {"Running", muted}, session.RunDone: {"✓ Done", good},
	session.RunFailed: {"✗ Failed", bad}, session.RunCancelled: {"Cancelled", warning},
}

var entryLabels = map[string]string{"person": "Person", "entity": "Entity", "vessel": "Vessel", "aircraft": "Aircraft"}

var topicLabels = map[string]string{"sanction": "sanctions", "pep": "politically exposed", "other": "other notice"}

var documentLabels = map[session.DocumentType]string{
	session.Passport:        "Passport",
	session.IDCard:          "Identity card",
	session.ResidencePermit: "Residence permit",
	session.DrivingLicence:  "Driving licence",
	session.Visa:            "Visa",
}

var photoLabels = map[session.PhotoKind]string{
	session.DocumentFront: "Document front",
	session.DocumentBack:  "Document back",
	session.Portrait:      "Portrait",
	session.Selfie:        "Selfie",
	session.Liveness:      "Liveness",
	session.OtherPhoto:    "Other photo",
}

var noteLabels = map[session.NoteAction]string{
	session.NoteVerified: "Verified",
	session.NoteRejected: "Rejected",
	session.NoteComment:  "Comment",
	session.NoteEdited:   "Edited",
	session.NoteReopened: "Reopened",
	session.NoteProposed: "Proposed",
	session.NoteSentBack: "Sent back",
}

var sourceLabels = map[string]string{
	session.FromMRZ:    "From the MRZ",
	session.FromOCR:    "Read from the document",
	session.FromAPI:    "Given by the company",
	session.FromMember: "Entered by a reviewer",
}

var sexLabels = map[string]string{"M": "Male (M)", "F": "Female (F)", "X": "Unspecified (X)"}

var deviceLabels = map[string]string{"pc": "PC", "mobile": "Mobile", "tablet": "Tablet", "other": "Other"}

var actionLabels = map[string]string{
	session.ActCreated:       "Session created",
	session.ActSubmitted:     "Data submitted",
	session.ActPhoto:         "Photo received",
	session.ActFinished:      "Session finished",
	session.ActExpired:       "Session expired",
	session.ActAttempt:       "New attempt",
	session.ActViewed:        "Session viewed",
	session.ActPhotoViewed:   "Photo viewed",
	session.ActReport:        "Report made",
	session.ActVerified:      "Verified",
	session.ActRejected:      "Rejected",
	session.ActReopened:      "Reopened",
	session.ActEdited:        "Client information edited",
	session.ActCommented:     "Comment written",
	session.ActHold:          "Legal hold changed",
	session.ActScreened:      "Screened against lists",
	session.ActAlert:         "Alert raised",
	session.ActDisposition:   "Hit decided",
	session.ActAlertProposed: "Disposition proposed", session.ActAlertApproved: "Disposition approved", session.ActAlertSentBack: "Disposition sent back",
	session.ActAlertAssigned: "Alert assigned", session.ActSuppressed: "Suppression made",
	session.ActSuppressionEnded: "Suppression ended", session.ActSuppressionRenewed: "Suppression confirmed",
	session.ActExport:        "Exported",
	session.ActScreenQueried: "Screening query",
}

// personFields are the fields of a person in the order in which the summary shows them.
var personFields = []string{"first_name", "last_name", "document_number", "personal_number", "sex",
	"birth_date", "expiration_date", "nationality", "place_of_birth"}

// fieldLabels name fields of a session where they appear in edits, findings and hits.
var fieldLabels = map[string]string{
	"first_name": "First Name", "last_name": "Last Name", "document_number": "Document Number",
	"personal_number": "Personal Number", "sex": "Sex", "birth_date": "Birth Date",
	"expiration_date": "Expiration Date", "nationality": "Nationality", "place_of_birth": "Place of Birth",
	"name": "Name", "place": "Place of Birth",
}

// known looks a value up, and makes do with the value itself.
func known[K ~string](labels map[K]mark, key K) mark {
	if m, ok := labels[key]; ok {
		return m
	}
	return mark{or(string(key)), muted}
}

// named looks a name up, and makes do with the key itself.
func named[K ~string](labels map[K]string, key K) string {
	return cmp.Or(labels[key], string(key))
}

// faceMatch is the level of a face match with its false acceptance rate, and how it compares with what
// the company asks for.
func faceMatch(c session.Checks, least int) mark {
	if c.FaceMatchLevel == nil {
		return mark{notPerformed, muted}
	}
	level := *c.FaceMatchLevel
	text := strconv.Itoa(level)
	if far := session.MatchFAR(level); far != "" {
		text = fmt.Sprintf("%d (FAR %s)", level, far)
	}
	switch {
	case least == 0:
		return mark{text, ink}
	case level < least:
		return mark{fmt.Sprintf("✗ %s, below %d", text, least), bad}
	}
	return mark{"✓ " + text, good}
}

// confidence is the match confidence of a 2D comparison.
func confidence(c session.Checks) string {
	if c.MatchConfidence == nil {
		return unknown
	}
	return strconv.FormatFloat(*c.MatchConfidence, 'f', -1, 64) + " of 100"
}

// thousands prints n as "12,345".
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
