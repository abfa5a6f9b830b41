package staff

import (
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Role says what a member may do.
type Role string

// The roles.
const (
	Master  Role = "master"  // all, settings included
	Agent   Role = "agent"   // sees and decides sessions
	Auditor Role = "auditor" // reads and exports, changes nothing
)

// Roles lists every role.
var Roles = []Role{Master, Agent, Auditor}

// A Member is somebody who may log in.
type Member struct {
	ID        string    `json:"id"` // ULID
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	Role      Role      `json:"role"`
	Everyone  bool      `json:"everyone"`            // belongs to all companies
	Companies []string  `json:"companies,omitempty"` // slugs, where not to all
	Password  string    `json:"password"`            // Argon2id, PHC string; "" until an invitation is taken up
	Disabled  bool      `json:"disabled,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	LastLogin time.Time `json:"last_login,omitzero"`
	// Version counts the changes of what a master edits: address, name, role, companies, exports.
	Version int `json:"version,omitempty"`
	// Impersonal exports leave out the columns that say who somebody is.
	Impersonal bool `json:"impersonal_exports,omitempty"`
	// Epoch grows when all logins of the member end at once: one of an older epoch is over.
	Epoch    int       `json:"epoch,omitempty"`
	Link     Link      `json:"link,omitzero"`      // with which the member may set a password
	TOTP     TOTP      `json:"totp,omitzero"`      // the authenticator app
	Passkeys []Passkey `json:"passkeys,omitempty"` // oldest first
	Recovery []string  `json:"recovery,omitempty"` // SHA-256 of the codes that are left, hex
	// From is the address from which the member asks for something just now. It is not stored.
	From string `json:"-"`
}

// A State is whether a member can log in.
type State string

// The states of a member.
const (
	Invited  State = "invited" // has no password yet
	Active   State = "active"
	Disabled State = "disabled"
)

// State says whether m can log in.
func (m Member) State() State {
	switch {
	case m.Disabled:
		return Disabled
	case m.Password == "":
		return Invited
	}
	return Active
}

// SecondFactor reports whether a log-in of m takes more than the password.
func (m Member) SecondFactor() bool { return m.TOTP.Secret != "" || len(m.Passkeys) > 0 }

// Leads reports whether m is a master of all companies who can log in. There is always one.
func (m Member) Leads() bool { return m.Role == Master && m.Everyone && m.State() == Active }

// sees reports whether m may know of other: they share a company.
func (m Member) sees(other Member) bool {
	return m.Everyone || slices.ContainsFunc(other.Companies, func(c string) bool { return slices.Contains(m.Companies, c) })
}

// Manages reports whether m may change other: a master whose companies are all of the other's.
func (m Member) Manages(other Member) bool {
	if m.Role != Master || m.Disabled {
		return false
	}
	return m.Everyone || !other.Everyone && !slices.ContainsFunc(other.Companies, func(c string) bool { return !slices.Contains(m.Companies, c) })
}

// endLogins ends every login of m once m is stored.
func (m *Member) endLogins() { m.Epoch++ }

// A Login is a browser in which a member is logged in. The token itself is only in the cookie.
type Login struct {
	ID        string    `json:"id"` // SHA-256 of the token, hex
	Member    string    `json:"member"`
	Epoch     int       `json:"epoch,omitempty"` // of the member when it began
	Half      bool      `json:"half,omitempty"`  // the password was right, the second factor is awaited
	CSRF      string    `json:"csrf"`
	IP        string    `json:"ip"`
	UserAgent string    `json:"user_agent"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	// Secret is that of the authenticator app which the member is setting up in this browser.
	Secret string `json:"secret,omitempty"`
}

// over reports whether l has ended by itself: unused for too long, too old, or of an older epoch of m.
func (l Login) over(m Member, now time.Time) bool {
	if l.Half && now.Sub(l.CreatedAt) > halfLogin {
		return true
	}
	return l.Epoch != m.Epoch || now.Sub(l.SeenAt) > IdleLogin || now.Sub(l.CreatedAt) > MaxLogin
}

// A ProblemError says what is wrong with what somebody typed, by field.
type ProblemError struct {
	Fields map[string]string
}

// Error lists the problems.
func (e *ProblemError) Error() string {
	var b strings.Builder
	for _, f := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&b, "%s: %s ", f, e.Fields[f])
	}
	return strings.TrimSpace(b.String())
}

// wrong is the problem with one field.
func wrong(field, message string) error {
	return &ProblemError{Fields: map[string]string{field: message}}
}

func (m Member) check() map[string]string {
	bad := map[string]string{}
	if a, err := mail.ParseAddress(m.Email); err != nil || a.Address != m.Email || len(m.Email) > 254 {
		bad["email"] = "Write an e-mail address, such as nino@example.com."
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(m.Name)); n == 0 || n > 120 {
		bad["name"] = "Give a name of 1 to 120 characters."
	}
	if strings.ContainsFunc(m.Name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
		bad["name"] = "Control characters and those that change the direction of text are not taken."
	}
	if !slices.Contains(Roles, m.Role) {
		bad["role"] = "Use master, agent or auditor."
	}
	switch {
	case m.Everyone && len(m.Companies) > 0:
		bad["companies"] = "Choose all companies, or name some; not both."
	case !m.Everyone && len(m.Companies) == 0:
		bad["companies"] = "Name at least one company, or all."
	}
	return bad
}
