package staff

import "time"

// A Note is what the audit log will say of a change: who made it, and what it was. The store writes it
// in the transaction of the change.
type Note struct {
	At        time.Time
	By        string // "member:<id>", "system"
	Name      string // of who it was, to show
	From      string // the address asked from
	Action    string // one of the Act constants
	Companies []string
	Detail    map[string]string
}

// The actions of a [Note].
const (
	ActMember         = "member.changed"
	ActMemberInvited  = "member.invited"
	ActMemberDisabled = "member.disabled"
	ActMemberEnabled  = "member.enabled"
	ActMemberLink     = "member.link"     // a link to set a password with was made
	ActPassword       = "member.password" // a new one was set
	ActFactorOn       = "member.factor_on"
	ActFactorOff      = "member.factor_off"
	ActRecovery       = "member.recovery_codes"
	ActLoginEnded     = "login.ended" // by somebody, before its time
	ActKey            = "key.changed"
)

// noteOn is a note about m for each of the member's companies, so that their own auditors see it;
// everyone belongs to all of them.
func (s *Service) noteOn(by, m Member, action string, detail map[string]string) *Note {
	companies := m.Companies
	if m.Everyone {
		companies = []string{""}
	}
	all := map[string]string{"member": m.ID}
	for name, value := range detail {
		all[name] = value
	}
	return s.note(by, action, companies, all)
}

func (s *Service) note(by Member, action string, companies []string, detail map[string]string) *Note {
	n := &Note{At: s.now().UTC(), By: "member:" + by.ID, Name: by.Name, From: by.From, Action: action, Companies: companies, Detail: detail}
	if by.ID == "" { // the operator
		n.By = "system"
	}
	return n
}

// unnoted makes a change of which the audit log need not tell: that somebody logged in is told by itself.
func unnoted(do func(*Member) error) func(*Member) (*Note, error) {
	return func(m *Member) (*Note, error) { return nil, do(m) }
}

// noted makes a change that the audit log tells of, with whoever made it.
func (s *Service) noted(by Member, action string, detail map[string]string, do func(*Member) error) func(*Member) (*Note, error) {
	return func(m *Member) (*Note, error) {
		if err := do(m); err != nil {
			return nil, err
		}
		return s.noteOn(by, *m, action, detail), nil
	}
}
