package staff

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
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
	Password  string    `json:"password"`            // Argon2id, PHC string
	Disabled  bool      `json:"disabled,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	LastLogin time.Time `json:"last_login,omitzero"`
}

// A Login is a browser in which a member is logged in. The token itself is only in the cookie.
type Login struct {
	ID        string    `json:"id"` // SHA-256 of the token, hex
	Member    string    `json:"member"`
	CSRF      string    `json:"csrf"`
	IP        string    `json:"ip"`
	UserAgent string    `json:"user_agent"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
}

// A Key lets a program use the API for one company.
type Key struct {
	ID        string    `json:"id"` // the part before the dot of the key, shown in lists
	Company   string    `json:"company"`
	Name      string    `json:"name"`
	Hash      string    `json:"hash"` // SHA-256 of the secret part, hex
	Write     bool      `json:"write"`
	Lists     bool      `json:"lists,omitempty"` // may update sanctions lists and start re-screenings, for all companies
	CreatedAt time.Time `json:"created_at"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
}

// A ProblemError says what is wrong with what somebody typed, by field.
type ProblemError struct {
	Fields map[string]string
}

// Error lists the problems.
func (e *ProblemError) Error() string {
	var b strings.Builder
	for _, f := range []string{"email", "name", "role", "companies", "password", "company", "token"} {
		if m, ok := e.Fields[f]; ok {
			fmt.Fprintf(&b, "%s: %s ", f, m)
		}
	}
	return strings.TrimSpace(b.String())
}

func (m Member) check() map[string]string {
	bad := map[string]string{}
	if a, err := mail.ParseAddress(m.Email); err != nil || a.Address != m.Email || len(m.Email) > 254 {
		bad["email"] = "Write an e-mail address, such as nino@example.com."
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(m.Name)); n == 0 || n > 120 {
		bad["name"] = "Give a name of 1 to 120 characters."
	}
	if !slices.Contains(Roles, m.Role) {
		bad["role"] = "Use master, agent or auditor."
	}
	if !m.Everyone && len(m.Companies) == 0 {
		bad["companies"] = "Name at least one company, or all."
	}
	return bad
}
