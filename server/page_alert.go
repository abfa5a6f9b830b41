package server

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// Hits are the hits of the session, each with its form.
func (v sessionView) Hits() []hitView {
	hits := make([]hitView, len(v.S.Screening.Hits))
	for i, h := range v.S.Screening.Hits {
		hits[i] = hitView{frame: v.frame, Hit: h, Person: v.S.Person, Basis: h.Basis(v.S.Screening.Person), names: v.names,
			FourEye: v.Company.Settings.FourEyes.OnHits(), Post: v.s.base + "/sessions/" + string(v.S.ID) + "/alerts/" + h.Alert}
		if v.Form.Is(h.Alert) {
			hits[i].Form, hits[i].Open = v.Form, true
		}
	}
	return hits
}

// An alertView is the review of one hit.
type alertView struct {
	frame
	Tab     string
	Alert   session.Alert
	S       session.Session
	Company string
	Hit     hitView
	Form    form            // the approval or the assignment, where that came back
	Photos  []session.Photo // at hand
	Query   alertFilter     // the queue that the member works through
	names   func(string) string
}

// showAlert answers GET /sanctions/alerts/:alert.
func (s *Server) showAlert(c *fiber.Ctx) error {
	a, err := s.o.Sessions.Alert(c.UserContext(), actor(c), c.Params("alert"))
	if err != nil {
		return err
	}
	got, err := s.o.Sessions.View(c.UserContext(), actor(c), a.Session)
	if err != nil {
		return err
	}
	return s.alertPage(c, fiber.StatusOK, a, got, form{})
}

// alertAgain renders the page as things are now, with a form that came back.
func (s *Server) alertAgain(c *fiber.Ctx, status int, f form) error {
	a, err := s.o.Sessions.Alert(c.UserContext(), actor(c), c.Params("alert"))
	if err != nil {
		return err
	}
	got, err := s.o.Sessions.Get(c.UserContext(), actor(c), a.Session)
	if err != nil {
		return err
	}
	return s.alertPage(c, status, a, got, f)
}

func (s *Server) alertPage(c *fiber.Ctx, status int, a session.Alert, got session.Session, f form) error {
	ctx, who := c.UserContext(), actor(c)
	company, err := s.o.Sessions.Company(ctx, who, a.Company)
	if err != nil {
		return err
	}
	fr := s.frame(c, a.Person, "sanctions")
	fr.Accent = a.Company
	view := alertView{frame: fr, Tab: "alerts", Alert: a, S: got, Company: company.Name, Photos: currentPhotos(got), Query: parseAlertFilter(c), names: s.names(ctx)}
	view.Hit = hitView{frame: fr, Hit: a.Hit, Person: got.Person, Open: true, Review: true, names: view.names, FourEye: company.Settings.FourEyes.OnHits(),
		Post: view.here("")}
	if h, ok := currentHit(got, a.ID); ok {
		view.Hit.Hit, view.Hit.Basis = h, h.Basis(got.Screening.Person)
	} else {
		view.Hit.Hit.Disposition = a.Disposition
	}
	if f.Name == a.ID {
		view.Hit.Form = f
	} else {
		view.Form = f
	}
	return s.render(c, status, "alert", "swap", view)
}

func currentHit(got session.Session, alert string) (session.Hit, bool) {
	at := slices.IndexFunc(got.Screening.Hits, func(h session.Hit) bool { return h.Alert == alert })
	if at < 0 {
		return session.Hit{}, false
	}
	return got.Screening.Hits[at], true
}

// here is the address of the alert or of something done to it, with the queue that the member works through.
func (v alertView) here(what string) string {
	return v.Query.at(v.s.base + "/sanctions/alerts/" + v.Alert.ID + what)
}

// Approval and the methods after it are where the forms of the page go.
func (v alertView) Approval() string { return v.here("/approval") }

// Assign is where the form goes that gives the alert to somebody.
func (v alertView) Assign() string { return v.here("/assignee") }

// Queue is the list that the member works through.
func (v alertView) Queue() string { return v.Query.at(v.s.base + "/sanctions") }

// TakeNext is where the button for the next case leads.
func (v alertView) TakeNext() string { return v.Query.at(v.s.base + "/sanctions/next") }

// Gone reports whether the person does not meet the entry any more.
func (v alertView) Gone() bool { return v.Hit.Basis == "" }

// Closed reports whether the alert was closed because of that, with nothing decided.
func (v alertView) Closed() bool { return v.Alert.Disposition.State == session.DispositionGone }

// WhyGone says why there is nothing to decide.
func (v alertView) WhyGone() string {
	if v.Closed() {
		return v.Alert.Disposition.Text
	}
	return "The entry no longer meets this person."
}

// ClosedBy is who or what closed the alert: a run is named by its ULID.
func (v alertView) ClosedBy() string {
	switch by := v.Alert.Disposition.By; {
	case len(by) == 26:
		return "a re-screening"
	case by == "edit", by == "ingest":
		return "a change of the session"
	default:
		return v.names(by)
	}
}

// Proposed reports whether a disposition waits for approval, and Mine whether the member proposed it.
func (v alertView) Proposed() bool {
	return v.Hit.Hit.Disposition.State == session.DispositionProposed && !v.Gone()
}

// Mine reports whether the member made the proposal.
func (v alertView) Mine() bool { return v.Hit.Hit.Disposition.By == v.who.actor.ID }

// By is the name of whoever an id stands for.
func (v alertView) By(id string) string { return v.names(id) }

// Assignees are those whom the alert may be given to.
func (v alertView) Assignees() ([]option, error) {
	members, err := v.deciderOptions(v.Alert.Company)
	return chooseFrom(append([]option{{"", "Nobody", false}}, members...), v.Alert.Assignee), err
}

// Changed is what has changed since the alert was decided, where that opened it again.
func (v alertView) Changed() []difference {
	if v.Alert.Reopened == nil {
		return nil
	}
	return differences(v.Alert.Reopened.Seen, session.Sides{Person: v.S.Person, Entry: v.Hit.Hit.Entry})
}

// A past is one step in the handling of the alert, with the sides as its author saw them.
type past struct {
	session.Judgement
	Sides []side
}

// History is what was done with the alert, newest first.
func (v alertView) History() []past {
	all := make([]past, 0, len(v.Alert.History))
	for _, j := range slices.Backward(v.Alert.History) {
		hit := session.Hit{Entry: j.Seen.Entry}
		all = append(all, past{j, sides(j.Seen.Person, hit)})
	}
	return all
}

// related is how many other alerts a page names.
const related = 10

// OfPerson are the other alerts of the session, and of sessions with the same document or personal number.
func (v alertView) OfPerson() ([]session.Alert, error) {
	return v.s.o.Sessions.AlertsOfPerson(v.ctx, v.who.actor, v.Alert, related)
}

// OfEntry are other open alerts of the same entry.
func (v alertView) OfEntry() ([]session.Alert, error) {
	alerts, _, _, err := v.s.o.Sessions.Alerts(v.ctx, v.who.actor, session.AlertFilter{List: v.Alert.Hit.List, Entry: v.Alert.Hit.EntryID,
		Companies: []string{v.Alert.Company}, State: session.DispositionOpen, Limit: related + 1, Uncounted: true})
	alerts = slices.DeleteFunc(alerts, func(a session.Alert) bool { return a.ID == v.Alert.ID })
	return alerts[:min(len(alerts), related)], err
}

// EntryURL is the page with all alerts of the same entry.
func (v alertView) EntryURL() string {
	return entryURL(v.s.base, v.Alert.Hit.List, v.Alert.Hit.EntryID, v.Alert.Company)
}

func entryURL(base, list, entry, company string) string {
	return base + "/sanctions/entry?" + url.Values{"list": {list}, "entry": {entry}, "company": {company}}.Encode()
}

func dispositionForm(c *fiber.Ctx) form {
	return form{Name: c.Params("alert"), Kind: c.FormValue("state"), Reason: c.FormValue("reason"), Text: c.FormValue("text"), Tags: formValues(c, "steps")}
}

// disposition is what the form asks for. Without a basis it would decide on what nobody has seen.
func (f form) disposition(c *fiber.Ctx) (session.Disposition, error) {
	d := session.Disposition{State: session.DispositionState(f.Kind), Reason: f.Reason, Text: f.Text, Steps: f.Tags, Basis: c.FormValue("basis")}
	return d, basisGiven(d.Basis)
}

func basisGiven(basis string) error {
	if basis != "" {
		return nil
	}
	return session.Fields{"basis": "Load the page again: the form does not say what you saw."}.Err("server.disposition")
}

// disposeAlert answers POST /sanctions/alerts/:alert.
func (s *Server) disposeAlert(c *fiber.Ctx) error {
	f := dispositionForm(c)
	return s.onAlert(c, f, "disposed", func() error {
		d, err := f.disposition(c)
		if err != nil {
			return err
		}
		_, err = s.o.Sessions.Dispose(c.UserContext(), actor(c), f.Name, d)
		return err
	})
}

// approveAlert answers POST /sanctions/alerts/:alert/approval with approve=true or approve=false.
func (s *Server) approveAlert(c *fiber.Ctx) error {
	f := form{Name: "approval", Kind: c.FormValue("approve"), Text: c.FormValue("text")}
	done := "sent-back"
	if f.Kind == "true" {
		done = "approved"
	}
	return s.onAlert(c, f, done, func() error {
		basis := c.FormValue("basis")
		if err := basisGiven(basis); err != nil {
			return err
		}
		_, err := s.o.Sessions.Approve(c.UserContext(), actor(c), c.Params("alert"), basis, f.Kind == "true", f.Text)
		return err
	})
}

// onAlert does what a form asks for, and leads back to the alert with word of it.
func (s *Server) onAlert(c *fiber.Ctx, f form, done string, do func() error) error {
	// Who may not see the alert learns nothing from what is wrong with the form.
	if _, err := s.o.Sessions.Alert(c.UserContext(), actor(c), c.Params("alert")); err != nil {
		return err
	}
	err := do()
	if status, ok := showAgain(err); ok {
		return s.alertAgain(c, status, f.failed(err))
	}
	if err != nil {
		return err
	}
	query := parseAlertFilter(c).values()
	query.Set("done", done)
	return c.Redirect(s.base+"/sanctions/alerts/"+c.Params("alert")+"?"+query.Encode(), fiber.StatusSeeOther)
}

// assignAlert answers POST /sanctions/alerts/:alert/assignee with to=member:… or nothing.
func (s *Server) assignAlert(c *fiber.Ctx) error {
	return s.onAlert(c, form{Name: "assignee"}, "alert-assigned", func() error {
		id := c.FormValue("to")
		to, err := s.frame(c, "", "").decider(id)
		if err != nil {
			return err
		}
		if to.ID != id {
			return session.Fields{"to": "There is no such member who may decide alerts."}.Err("server.assignAlert")
		}
		_, err = s.o.Sessions.AssignAlert(c.UserContext(), actor(c), c.Params("alert"), to)
		return err
	})
}
