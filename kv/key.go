package kv

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

// The key prefixes. Every key starts with one of them. Ids of sessions are the 16 bytes of the ULID,
// hashes are 32 bytes, numbers are 8 bytes big-endian, times are nanoseconds since 1970 as such a
// number; text that is not last ends with a zero byte. "Sealed" values carry a checksum, see seal;
// sealed JSON of 2 KB and more is compressed, see packJSON.
//
//	prefix  rest of the key                   value
//	m       name                              number: schema, sessions (count), serial (last one given); owed (1: a purge; more: and when a photo is to go before it, in seconds since 1970), deleted, purged, erased, rebuilt (see debt); sealed JSON: chain, backup
//	s       session                           sealed: head (see head), then JSON of session.Session
//	S       session                           sealed: what screening takes of the session, see subject
//	o       session                           nothing: the session is in progress
//	n       company 0 kind number 0 session   full name; kind is d (document number) or p (personal number)
//	i       serial                            session: it changed since it was indexed
//	t       company 0 kind time session       nothing: its periods count from that time; kind is r (record) or p (photos)
//	U       sha256 session                    nothing: the session shows the photo
//	y       key                               sealed JSON of session.Once, kept for 30 days
//	e       seq                               sealed JSON of session.Event
//	v       session seq                       nothing: the event is about the session
//	g       slug                              sealed JSON of session.Company
//	G       slug 0 version                    sealed JSON of session.Company: the company as it was in that version
//	p       sha256                            sealed JSON of blob: a photo
//	P       sha256 number                     chunk of a photo
//	r       sha256                            sealed JSON of blob: the raw file of a list
//	R       sha256 number                     chunk of a raw file
//	l       list                              serial of the version in force
//	h       list 0 serial                     sealed JSON of session.ListRecord: a version that was in force
//	H       list 0 serial                     sealed JSON of its sanctions.Problems, where it has any
//	f       list 0 serial                     sealed JSON of session.ListAttempt, the newest of each list
//	a       alert                             sealed JSON of session.Alert
//	Q       alert                             sealed JSON of session.Alert: one of an erased session, see session.Alert.WithoutPerson
//	A       company 0 state 0 time alert      facts of the alert (see alertFacts); under the empty company all
//	                                          companies, under the empty state all states
//	Z       company 0 state 0 score time alert  the same, by score
//	b       session time alert                the same, by session
//	B       company 0 list 0 entry 0 time alert  the same, by entry
//	J       suppression 0 time alert          the same: what a suppression holds down
//	w       suppression                       sealed JSON of session.Suppression
//	W       t or f 0 time suppression         company 0 list 0 owner 0 matcher; t: in force, by review; f: ended, by end
//	F       company 0 fingerprint 0 suppression  nothing: it is in force
//	q       session time suppression          the same: made in that session
//	u       run                               sealed JSON of session.Run
//	j       webhook                           sealed JSON of session.Webhook
//	d       webhook 0 delivery                sealed JSON of session.Delivery; for 30 days once it is over
//	k       webhook 0 delivery                number: time of the next try, then the session: a delivery that waits
//	C       session                           sealed JSON of session.Claim: who works on it
//	D       member                            sealed JSON of session.Preferences
//	x       export                            sealed JSON of session.Export, until it expires
//	X       export 0 number                   sealed piece of its file, compressed
//	T       export 0 number                   sealed: the sessions that came into its file with that piece
//	c       run session                       sealed: when the stretch was read that ends with this one, the session before it, and those of the stretch that the run did not confirm
//	O       number                            filler: see Purge
//	Y                                         sealed JSON of what a change writes that is larger than a transaction, until all of it is written, see ahead
//	V       session                           nothing: it is erased, but not yet all that is about it, see eraseRest
//	z       erasure                           sealed JSON of session.Erasure
//	M       member                            sealed JSON of staff.Member
//	E       e-mail address                    id of the member who has it
//	L       login                             sealed JSON of staff.Login, until it ends
//	N       member 0 time login               nothing: a login of the member
//	K       key                               sealed JSON of staff.Key
const (
	atMeta         = 'm'
	atSession      = 's'
	atSubject      = 'S'
	atOpen         = 'o'
	atNumber       = 'n'
	atMark         = 'i'
	atKept         = 't'
	atPhotoUse     = 'U'
	atOnce         = 'y'
	atEvent        = 'e'
	atSessionEvent = 'v'
	atCompany      = 'g'
	atVersion      = 'G'
	atPhoto        = 'p'
	atPhotoChunk   = 'P'
	atRaw          = 'r'
	atRawChunk     = 'R'
	atList         = 'l'
	atHistory      = 'h'
	atProblems     = 'H'
	atAttempt      = 'f'
	atAlert        = 'a'
	atErasedAlert  = 'Q'
	atAlertState   = 'A'
	atAlertScore   = 'Z'
	atAlertSession = 'b'
	atAlertEntry   = 'B'
	atAlertHeld    = 'J'
	atSuppression  = 'w'
	atSuppressions = 'W'
	atFingerprint  = 'F'
	atMadeIn       = 'q'
	atRun          = 'u'
	atErasure      = 'z'
	atFiller       = 'O'
	atErasing      = 'V'
	atAhead        = 'Y'
	atConfirmed    = 'c'
	atClaim        = 'C'
	atPreferences  = 'D'
	atExport       = 'x'
	atExportPiece  = 'X'
	atExportRows   = 'T'
	atWebhook      = 'j'
	atDelivery     = 'd'
	atWaiting      = 'k'
	atMember       = 'M'
	atEmail        = 'E'
	atLogin        = 'L'
	atMemberLogin  = 'N'
	atKey          = 'K'
)

// A key is built part by part: of(atHistory).text(list).number(serial).
type key []byte

func of(prefix byte) key { return append(make(key, 0, 48), prefix) }

func (k key) last(s string) key        { return append(k, s...) }
func (k key) text(s string) key        { return append(append(k, s...), 0) }
func (k key) bytes(b []byte) key       { return append(k, b...) }
func (k key) number(n uint64) key      { return binary.BigEndian.AppendUint64(k, n) }
func (k key) time(t time.Time) key     { return k.number(uint64(max(0, t.UnixNano()))) }
func (k key) session(id ulid.ULID) key { return append(k, id[:]...) }

// The names under atMeta.
var (
	schemaKey = of(atMeta).last("schema")
	countKey  = of(atMeta).last("sessions")
	serialKey = of(atMeta).last("serial")
	chainKey  = of(atMeta).last("chain")
	backupKey = of(atMeta).last("backup")
	// subjectsKey is 1 when every session has a subject.
	subjectsKey = of(atMeta).last("subjects")
)

// A check says whether the values of a prefix carry a checksum.
type check string

const (
	sealed check = "sealed" // backups and doctor look whether it is right
	bare   check = "bare"   // names, pointers and chunks
	byName check = "by name"
)

// checks has every prefix once: two with the same letter do not compile.
var checks = map[byte]check{
	atMeta: byName, atSession: sealed, atSubject: sealed, atOpen: bare, atNumber: bare, atMark: bare, atKept: bare,
	atPhotoUse: bare, atOnce: sealed, atEvent: sealed, atSessionEvent: bare, atCompany: sealed, atVersion: sealed,
	atPhoto: sealed, atPhotoChunk: bare, atRaw: sealed, atRawChunk: bare, atList: bare, atHistory: sealed, atProblems: sealed,
	atAttempt: sealed, atAlert: sealed, atErasedAlert: sealed, atAlertState: bare, atAlertScore: bare,
	atAlertSession: bare, atAlertEntry: bare, atAlertHeld: bare, atSuppression: sealed, atSuppressions: bare,
	atFingerprint: bare, atMadeIn: bare, atRun: sealed, atErasure: sealed, atFiller: bare, atErasing: bare, atAhead: sealed, atConfirmed: sealed,
	atClaim: sealed, atPreferences: sealed, atExport: sealed, atExportPiece: sealed, atExportRows: sealed,
	atWebhook: sealed, atDelivery: sealed, atWaiting: bare, atMember: sealed, atEmail: bare, atLogin: sealed,
	atMemberLogin: bare, atKey: sealed,
}

// isSealed reports whether the value of k carries a checksum.
func isSealed(k key) bool {
	if len(k) == 0 {
		return false
	}
	if checks[k[0]] == byName {
		return string(k) == string(chainKey) || string(k) == string(backupKey)
	}
	return checks[k[0]] == sealed
}

// lastNumber reads the number that ends at the end of b. Shorter bytes give 0: no key of ours is.
func lastNumber(b []byte) uint64 {
	if len(b) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b[len(b)-8:])
}

// idAt reads the session id that starts b, or "".
func idAt(b []byte) session.ID {
	if len(b) < 16 {
		return ""
	}
	return session.ID(ulid.ULID(b[:16]).String())
}

// parseHash reads a SHA-256 in hex.
func parseHash(text string) ([]byte, bool) {
	b, err := hex.DecodeString(text)
	return b, err == nil && len(b) == 32
}

// normalNumber is a document or personal number as twins are compared: letters and digits only, in
// capitals, at most 64 bytes.
func normalNumber(number string) string {
	kept := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, number)
	return kept[:min(len(kept), 64)]
}
