package server

import (
	"slices"
	"strings"

	"dossier/session"
)

// settingNames are what pages call the fields of the settings whose JSON name says too little.
var settingNames = map[string]string{
	"min_face_match": "Minimum face match level", "max_attempts": "Maximum attempts", "liveness": "Kind of liveness check", "threshold": "Match threshold",
	"min_match_confidence": "Minimum match confidence", "full_mrz": "Full MRZ validation", "compare_front_back": "Compare front and back",
	"max_front_back_edits": "Front and back may differ by", "max_minutes": "Longest session, in minutes", "documents": "Allowed documents",
	"screen": "Screen against sanctions lists", "weak_aliases_muted": "Weak aliases raise no alert", "extra": "Extra fields",
	"tags": "Rejection sub-groups", "photo_days": "Photos are kept, in days", "record_days": "Records are kept, in days",
	"colour": "Accent colour", "pdf_header": "PDF header", "pdf_footer": "PDF footer", "high_risk": "High-risk countries",
	"severities": "Severity", "review_rejections": "Look before a rule rejects", "review_all": "Review every document",
}

// settingName is what pages call a field of the settings, such as "extra.wallet.label".
func settingName(field string) string {
	head, rest, _ := strings.Cut(field, ".")
	name := title(head)
	if known, ok := settingNames[head]; ok {
		name = known
	}
	if i := slices.IndexFunc(session.Rules, func(r session.Rule) bool { return head == "severities" && r.Code == rest }); i >= 0 {
		rest = session.Rules[i].Title
	}
	if rest != "" {
		name += ": " + strings.ReplaceAll(rest, ".", ", ")
	}
	return name
}
