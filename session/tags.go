package session

// A TagGroup is a reason for rejection with its sub-groups; sessions are tagged with the sub-groups.
type TagGroup struct {
	Name string
	Tags []string
}

// TagGroups are the built-in rejection groups.
var TagGroups = []TagGroup{
	{"Spam", []string{"Spam"}},
	{"Compromised person", []string{"PEP", "Sanctions lists", "Criminal records", "Adverse media"}},
	{"Suspected fraud", []string{"Fake", "Blacklist", "Selfie mismatch"}},
	{"Data mismatch", []string{"Full name issue", "ID or document number issue", "MRZ issue", "Date of birth issue"}},
	{"Regulation violations", []string{"Age", "Duplicate", "Wrong region"}},
}

func knownTag(tag string) bool {
	for _, g := range TagGroups {
		for _, t := range g.Tags {
			if t == tag {
				return true
			}
		}
	}
	return false
}

// tagOf is the sub-group that a rejection by a rule falls under, by the rule's code.
var tagOf = map[string]string{
	"sanctions_hit": "Sanctions lists", "under_age": "Age", "duplicate_document": "Duplicate",
	"duplicate_personal": "Duplicate", "id_spoofed": "Fake", "low_face_match": "Selfie mismatch",
	"liveness_failed": "Fake", "mrz_invalid": "MRZ issue", "mrz_missing": "MRZ issue",
	"front_back_mismatch": "Full name issue", "document_expired": "ID or document number issue",
	"document_not_allowed": "ID or document number issue", "high_risk_nationality": "Wrong region",
	"high_risk_ip": "Wrong region", "person_incomplete": "Full name issue",
}
