package session

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // logos are one of the two
	_ "image/png"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of a company's settings.
const (
	maxLogo       = 200 << 10 // bytes
	maxLogoPixels = 4_000_000
	maxExtra      = 100
	maxChoices    = 200
	maxTags       = 200
	maxHighRisk   = 300
	maxSlogan     = 200 // characters of the PDF's header and footer
)

var (
	slugForm   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)
	keyForm    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	colourForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	emailForm  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	phoneForm  = regexp.MustCompile(`^\+?[0-9 ()./-]{5,24}$`)
)

// Validate reports every problem of c.
func (c Company) Validate() error {
	var bad Fields
	if !slugForm.MatchString(c.Slug) {
		bad.Add("slug", "Use 1 to 40 of a-z, 0-9 and -, with a letter or digit at both ends.")
	}
	if name := strings.TrimSpace(c.Name); name == "" || utf8.RuneCountInString(name) > 120 {
		bad.Add("name", "Give a name of 1 to 120 characters.")
	}
	c.Settings.check(&bad)
	return bad.Err("session.Company")
}

func (s Settings) check(bad *Fields) {
	s.checkRules(bad)
	s.checkHighRisk(bad)
	s.checkBranding(bad)
	s.checkExtraFields(bad)
	s.checkTags(bad)
	checkRange(bad, "max_attempts", s.MaxAttempts, 1, 20)
	checkRange(bad, "max_minutes", s.MaxMinutes, 1, 7*24*60)
	checkRange(bad, "photo_days", s.PhotoDays, 0, 100*366)
	checkRange(bad, "record_days", s.RecordDays, 0, 100*366)
	if s.Threshold < 0 || s.Threshold > 1 {
		bad.Add("threshold", "Use 0 (the default) to 1.")
	}
	if len(s.Documents) == 0 {
		bad.Add("documents", "Allow at least one type.")
	}
	for _, d := range s.Documents {
		if !slices.Contains(DocumentTypes, d) {
			bad.Add("documents", fmt.Sprintf("%q is no document type.", clip(string(d), 40)))
		}
	}
	for _, id := range s.WeakMuted {
		if !keyForm.MatchString(id) {
			bad.Add("weak_aliases_muted", fmt.Sprintf("%q is no id of a list.", clip(id, 40)))
		}
	}
	if s.Support != "" && !emailForm.MatchString(s.Support) && !isPage(s.Support) || len(s.Support) > 300 {
		bad.Add("support", "Write an e-mail address, or the address of a page that starts with https://.")
	}
}

func isPage(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != ""
}

func (s Settings) checkRules(bad *Fields) {
	checkRange(bad, "min_face_match", s.MinFaceMatch, 1, 7)
	checkRange(bad, "min_match_confidence", s.MinConfidence, 0, 100)
	checkRange(bad, "minimum_age", s.MinimumAge, 0, 120)
	checkRange(bad, "max_front_back_edits", s.MaxFrontBackEdits, 0, 10)
	for code, severity := range s.Severities {
		field := "severities." + clip(code, 60)
		known := slices.ContainsFunc(Rules, func(r Rule) bool { return r.Code == code && r.grade == nil })
		if !known {
			bad.Add(field, "There is no rule of this name whose severity can be set.")
		} else if severity == "" {
			bad.Add(field, "Use info, review or reject.")
		}
		checkSeverity(bad, field, severity)
	}
	if !slices.Contains([]FourEyes{"", FourEyesOff, FourEyesSanctions, FourEyesAll}, s.FourEyes) {
		bad.Add("four_eyes", "Use off, sanctions or all.")
	}
	if !slices.Contains([]LivenessKind{"", LivenessEither, Liveness2D, Liveness3D}, s.Liveness) {
		bad.Add("liveness", "Use either, 2d or 3d.")
	}
}

func (s Settings) checkHighRisk(bad *Fields) {
	if len(s.HighRisk) > maxHighRisk {
		bad.Add("high_risk", fmt.Sprintf("At most %d countries are taken.", maxHighRisk))
	}
	seen := map[string]bool{}
	for i, h := range s.HighRisk {
		field := fmt.Sprintf("high_risk[%d]", i)
		switch {
		case !stateCode(h.Country):
			bad.Add(field+".country", "Use the ISO 3166-1 alpha-3 code.")
		case seen[h.Country]:
			bad.Add(field+".country", "This country is in the list already.")
		}
		seen[h.Country] = true
		checkSeverity(bad, field+".nationality", h.Nationality)
		checkSeverity(bad, field+".client_ip", h.ClientIP)
	}
}

func (s Settings) checkBranding(bad *Fields) {
	if s.Colour != "" && !colourForm.MatchString(s.Colour) {
		bad.Add("colour", "Write a colour as #rrggbb.")
	}
	checkLine(bad, "pdf_header", s.PDFHeader)
	checkLine(bad, "pdf_footer", s.PDFFooter)
	if len(s.Logo) == 0 {
		return
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(s.Logo))
	switch {
	case len(s.Logo) > maxLogo:
		bad.Add("logo", "At most 200 KB are taken.")
	case err != nil || format != "png" && format != "jpeg":
		bad.Add("logo", "The file is no PNG or JPEG image.")
	case config.Width < 1 || config.Height < 1 || config.Width*config.Height > maxLogoPixels:
		bad.Add("logo", fmt.Sprintf("The image has %d × %d pixels: at most 4 million are taken.", config.Width, config.Height))
	}
	if bad != nil && (*bad)["logo"] != "" {
		return
	}
	if _, _, err := image.Decode(bytes.NewReader(s.Logo)); err != nil {
		bad.Add("logo", "The image is damaged: it cannot be read whole.")
	}
}

// checkLine refuses what would not stand on one line of print.
func checkLine(bad *Fields, field, text string) {
	if utf8.RuneCountInString(text) > maxSlogan || strings.ContainsAny(text, "\r\n") {
		bad.Add(field, fmt.Sprintf("Use one line of at most %d characters.", maxSlogan))
	}
	checkText(bad, field, text, maxLongText)
}

func (s Settings) checkExtraFields(bad *Fields) {
	if len(s.Extra) > maxExtra {
		bad.Add("extra", fmt.Sprintf("At most %d fields are taken.", maxExtra))
	}
	seen := map[string]bool{}
	for i, f := range s.Extra {
		f.check(bad, fmt.Sprintf("extra[%d]", i))
		if seen[f.Key] {
			bad.Add(fmt.Sprintf("extra[%d].key", i), "Another field has this key.")
		}
		seen[f.Key] = true
	}
}

func (f ExtraField) check(bad *Fields, field string) {
	if !keyForm.MatchString(f.Key) {
		bad.Add(field+".key", "Use a-z, 0-9 and _, with a letter first, at most 40.")
	}
	if label := strings.TrimSpace(f.Label); label == "" || utf8.RuneCountInString(label) > 120 {
		bad.Add(field+".label", "Give a label of 1 to 120 characters.")
	}
	checkText(bad, field+".label", f.Label, maxText)
	if !slices.Contains(ExtraTypes, f.Type) {
		bad.Add(field+".type", "Use "+strings.Join(ExtraTypes, ", ")+".")
	}
	if _, err := regexp.Compile(f.Pattern); err != nil || len(f.Pattern) > 300 {
		bad.Add(field+".pattern", "This is no regular expression of at most 300 characters.")
	}
	if f.Pattern != "" && !slices.Contains([]string{"text", "email", "phone"}, f.Type) {
		bad.Add(field+".pattern", "Only text, e-mail and phone take a pattern.")
	}
	if len(f.Choices) > maxChoices {
		bad.Add(field+".choices", fmt.Sprintf("At most %d choices are taken.", maxChoices))
	}
	for _, choice := range f.Choices {
		checkText(bad, field+".choices", choice, maxText)
	}
	if f.Type == "choice" && len(f.Choices) == 0 {
		bad.Add(field+".choices", "Give the choices.")
	}
}

func checkSeverity(bad *Fields, field string, s Severity) {
	if s != "" && s != Info && s != Review && s != Reject {
		bad.Add(field, "Use info, review or reject.")
	}
}

func checkRange(bad *Fields, field string, n, low, high int) {
	if n < low || n > high {
		bad.Add(field, fmt.Sprintf("Use %d to %d.", low, high))
	}
}
