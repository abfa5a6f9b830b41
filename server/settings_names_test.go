package server

import (
	"slices"
	"testing"

	"dossier/session"
)

func TestSettingName(t *testing.T) {
	for field, want := range map[string]string{
		"full_mrz": "Full MRZ validation", "review_all": "Review every document", "awaiting_action": "Awaiting action",
		"severities.id_spoofed": "Severity: ID is spoofed", "extra.wallet.label": "Extra fields: wallet, label", "": "",
	} {
		if got := settingName(field); got != want {
			t.Errorf("settingName(%q) = %q, want %q", field, got, want)
		}
	}
}

// TestEveryRuleHasItsControl keeps a new rule from being without a place where its severity is set.
func TestEveryRuleHasItsControl(t *testing.T) {
	var names []string
	for _, form := range []settingsForm{rulesForm, sanctionsForm} {
		for _, g := range form.groups {
			for _, c := range g.Controls {
				names = append(names, c.Name)
			}
		}
	}
	elsewhere := []string{"high_risk_nationality", "high_risk_ip", "review_all"} // by country; always a review
	for _, r := range session.Rules {
		if slices.Contains(names, "severities."+r.Code) == slices.Contains(elsewhere, r.Code) {
			t.Errorf("the severity of %s has no control, or one that does nothing", r.Code)
		}
	}
}
