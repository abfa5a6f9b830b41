package server

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dossier/session"
)

// unknown is shown where nobody knows; it is never "No".
const (
	unknown      = "—"
	notPerformed = "Not performed"
)

// funcs are what templates may call beside the methods of their view.
func (s *Server) funcs() template.FuncMap {
	return template.FuncMap{
		"base": func() string { return s.base }, "asset": s.asset, "icon": s.icon,
		"facts": facts, "choices": choices, "when": s.when, "device": session.Device, "day": s.day, "since": s.since,
		"dash": dash, "num": number, "short": short, "size": size, "country": country, "score": score,
		"status": statusName, "tone": statusTone, "screening": screeningName, "screeningTone": screeningTone,
		"document": documentName, "severity": severityName, "severityTone": severityTone,
		"disposition": dispositionName, "dispositionTone": dispositionTone, "reason": dispositionReason, "photoKind": photoName,
		"attempt": attemptName, "attemptTone": attemptTone, "lasted": lasted, "run": runName, "runTone": runTone, "trigger": triggerName, "count": count, "action": actionName, "list": listName,
		"deliveryState": deliveryName, "deliveryTone": deliveryTone, "millis": time.Duration.Milliseconds,
		"took": took, "share": share, "youngerThan": youngerThan, "setting": settingName,
		"stateName": stateName, "posts": posts,
		"query": url.QueryEscape, "join": strings.Join, "pair": pair, "title": title,
	}
}

// posts is where a form goes: without JavaScript by itself, else by htmx, which puts the answer on the page. Both
// at once, because a template takes longer over the address than over all the rest of the form.
func posts(url string) template.HTMLAttr {
	at := template.HTMLEscapeString(url)
	return template.HTMLAttr(`action="` + at + `" hx-post="` + at + `" hx-target="#main"`)
}

// icon draws a symbol of static/icons.svg; it says nothing to screen readers.
func (s *Server) icon(name string) (template.HTML, error) {
	sheet, err := s.asset("icons.svg")
	return template.HTML(`<svg class="icon" aria-hidden="true" width="16" height="16"><use href="` + sheet + "#" + template.HTMLEscapeString(name) + `"></use></svg>`), err
}

// when shows a moment in the zone of the installation, with UTC behind it.
func (s *Server) when(t time.Time) template.HTML {
	if t.IsZero() {
		return unknown
	}
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s">%s</time>`, t.UTC().Format(time.RFC3339),
		t.UTC().Format("2006-01-02 15:04:05 UTC"), t.In(s.o.Zone).Format("2006-01-02 15:04")))
}

// day shows the day of a moment.
func (s *Server) day(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	return t.UTC().Format(time.DateOnly)
}

// since says how long ago t was, in the unit that a person would use.
func (s *Server) since(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	d := s.o.Now().Sub(t)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return count(int(d.Minutes()), "minute", "minutes") + " ago"
	case d < 48*time.Hour:
		return count(int(d.Hours()), "hour", "hours") + " ago"
	}
	return count(int(d.Hours()/24), "day", "days") + " ago"
}

func count(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + several
}

func dash(text string) string {
	if strings.TrimSpace(text) == "" {
		return unknown
	}
	return text
}

// number writes n with a comma at the thousands.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// total is how many were found; more than are counted shows as "10,000+".
func total(n int, more bool) string {
	if more {
		return number(n) + "+"
	}
	return number(n)
}

// short is the beginning of a hash, enough to compare by eye.
func short(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}

func size(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// country is a code with its name, where the code is known.
func country(code string) string {
	if name, ok := session.StateName(code); ok && name != "" && name != code {
		return code + " · " + name
	}
	return dash(code)
}

// score shows 0..1 as it is compared: two digits.
func score(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

func clip(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}

// title gives text a capital first letter and spaces for underscores.
func title(text string) string {
	text = strings.ReplaceAll(text, "_", " ")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// pair hands two values to a template that needs both.
func pair(frame, item any) (map[string]any, error) {
	if frame == nil {
		return nil, errors.New("pair: there is no frame")
	}
	return map[string]any{"F": frame, "V": item}, nil
}

func yesNo(b *bool, none string) string {
	switch {
	case b == nil:
		return none
	case *b:
		return "Yes"
	}
	return "No"
}

func statusName(s session.Status) string {
	names := map[session.Status]string{session.InProgress: "In progress", session.AwaitingAction: "Awaiting action",
		session.Success: "Success", session.Rejected: "Rejected", session.Expired: "Expired"}
	if name, ok := names[s]; ok {
		return name
	}
	return title(string(s)) // an earlier attempt may have ended as "abandoned"
}

func statusTone(s session.Status) string {
	return map[session.Status]string{session.InProgress: "info", session.AwaitingAction: "warn", session.Success: "good",
		session.Rejected: "bad"}[s]
}

func screeningName(s session.ScreeningStatus) string {
	return map[session.ScreeningStatus]string{session.NotScreened: "Not screened", session.Clear: "Clear",
		session.PotentialMatch: "Potential match", session.Match: "Match", session.ScreeningError: "Error"}[s]
}

func screeningTone(s session.ScreeningStatus) string {
	return map[session.ScreeningStatus]string{session.Clear: "good", session.PotentialMatch: "warn", session.Match: "bad",
		session.ScreeningError: "bad"}[s]
}

func documentName(t session.DocumentType) string {
	names := map[session.DocumentType]string{session.Passport: "Passport", session.IDCard: "ID card", session.ResidencePermit: "Residence permit",
		session.DrivingLicence: "Driving licence", session.Visa: "Visa"}
	return dash(names[t])
}

func severityName(s session.Severity) string {
	return map[session.Severity]string{session.Info: "Note", session.Review: "Review", session.Reject: "Reject"}[s]
}

func severityTone(s session.Severity) string {
	return map[session.Severity]string{session.Review: "warn", session.Reject: "bad"}[s]
}

func dispositionName(s session.DispositionState) string {
	names := map[session.DispositionState]string{session.DispositionOpen: "Open", session.DispositionMatch: "Match",
		session.DispositionNoMatch: "No match", session.DispositionEscalated: "Escalated", session.DispositionGone: "Gone",
		session.DispositionProposed: "Awaiting approval"}
	if name, ok := names[s]; ok {
		return name
	}
	return "Open"
}

func dispositionTone(s session.DispositionState) string {
	return map[session.DispositionState]string{session.DispositionOpen: "warn", session.DispositionMatch: "bad",
		session.DispositionNoMatch: "good", session.DispositionEscalated: "warn", session.DispositionProposed: "info"}[s]
}

func photoName(k session.PhotoKind) string {
	names := map[session.PhotoKind]string{session.DocumentFront: "Document front", session.DocumentBack: "Document back",
		session.Portrait: "Portrait", session.Selfie: "Selfie", session.Liveness: "Liveness", session.OtherPhoto: "Other"}
	return names[k]
}

func runName(s session.RunStatus) string { return title(string(s)) }

func runTone(s session.RunStatus) string {
	return map[session.RunStatus]string{session.RunQueued: "info", session.RunRunning: "info", session.RunDone: "good", session.RunFailed: "bad"}[s]
}

func attemptName(r session.AttemptResult) string {
	return map[session.AttemptResult]string{session.AttemptNew: "New version", session.AttemptSame: "Not modified",
		session.AttemptRefused: "Refused", session.AttemptFailed: "Failed"}[r]
}

func attemptTone(r session.AttemptResult) string {
	return map[session.AttemptResult]string{session.AttemptNew: "good", session.AttemptRefused: "bad", session.AttemptFailed: "bad"}[r]
}

// lasted shows how long something took.
func lasted(d time.Duration) string {
	switch {
	case d <= 0:
		return unknown
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}

// triggerName says why a run was started.
func triggerName(trigger string) string {
	if list, ok := strings.CutPrefix(trigger, "list:"); ok {
		return listName(list) + " changed"
	}
	if list, ok := strings.CutPrefix(trigger, "retired:"); ok {
		return listName(list) + " taken out of force"
	}
	names := map[string]string{"manual": "By hand", "lists": "Lists changed", "retry": "Failed ones again", "start": "Lists not met yet at the start"}
	if name, ok := names[trigger]; ok {
		return name
	}
	return title(trigger)
}

// listNames are what people call the lists that we know.
var listNames = map[string]string{
	"ofac_sdn": "OFAC SDN", "ofac_consolidated": "OFAC Consolidated", "un_sc": "UN Security Council", "eu_fsf": "EU Financial Sanctions",
	"uk_sanctions": "UK Sanctions", "ch_seco": "Swiss SECO", "ca_sema": "Canada SEMA", "opensanctions": "OpenSanctions", "custom": "Own list",
}

func listName(id string) string {
	if name, ok := listNames[id]; ok {
		return name
	}
	if base := session.BaseList(id); base != id { // one of several
		return listNames[base] + " · " + strings.ReplaceAll(strings.TrimPrefix(id, base+"_"), "_", " ")
	}
	return id
}
