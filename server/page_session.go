package server

import (
	"fmt"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// A sessionView is the page of one session, with whichever form came back with problems.
type sessionView struct {
	frame
	Tab      string // current, attempts, audit or compare
	S        session.Session
	Company  session.Company
	Photos   []session.Photo // of the attempt that is shown
	Large    session.Photo   // the one shown large
	FaceFrom string          // the portrait that was given, by its SHA-256; "" where the face must be cut from the document
	Cut      bool            // the face was cut from the document
	Events   []session.Event // for the tab Audit
	Queue    queue           // the list that the session was opened from
	Claim    session.Claim   // who works on it, if anybody
	Deciders []option        // to whom a master may give it
	Changed  []session.Event // what others did since the form that came back was opened
	Form     form

	names func(string) string
}

// A form is what somebody typed, with what is wrong with it.
type form struct {
	Name    string // which form of the page: decision, note, reopen, claim, assign, or the id of an alert
	Text    string // note or reason
	Kind    string // verdict or disposition
	Tags    []string
	Reason  string   // code of a disposition
	Choices []string // boxes that were ticked
	Fields  session.Fields
	Failed  string // what is wrong with the whole
}

// Is reports whether the form that came back is the one called name.
func (f form) Is(name string) bool { return f.Name == name }

// Has reports whether tag was chosen.
func (f form) Has(tag string) bool { return slices.Contains(f.Tags, tag) }

// failed is f with what err says about it.
func (f form) failed(err error) form {
	f.Fields = fieldsOf(err)
	if len(f.Fields) == 0 {
		f.Failed = session.MessageOf(err)
	}
	return f
}

// showSession answers GET /sessions/:id.
func (s *Server) showSession(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	return s.o.Sessions.ViewWhile(c.UserContext(), actor(c), id, func(got session.Session) error {
		return s.sessionPage(c, fiber.StatusOK, got, form{})
	})
}

// sessionPage renders the tab Current session.
func (s *Server) sessionPage(c *fiber.Ctx, status int, got session.Session, f form) error {
	view, err := s.sessionView(c, got, "current")
	if err != nil {
		return err
	}
	view.Form = f
	if f.Name == "" { // the address asks for a form: without JavaScript that is how it opens
		if kind := c.Query("decide"); slices.Contains([]string{"verify", "reject", "approve", "send_back"}, kind) {
			view.Form = form{Name: "decision", Kind: kind}
		}
	}
	if status == fiber.StatusConflict {
		view.Changed = s.changedSince(c, got.ID, c.FormValue("seen"))
	}
	if view.Claim, err = s.o.Sessions.ClaimOf(c.UserContext(), actor(c), got); err != nil {
		return err
	}
	if got.Status == session.AwaitingAction && view.May("manage") {
		deciders, err := view.deciderOptions(got.Company)
		if err != nil {
			return err
		}
		view.Deciders = chooseFrom(deciders, view.Claim.By)
	}
	return s.render(c, status, "session", "swap", view)
}

func (s *Server) sessionView(c *fiber.Ctx, got session.Session, tab string) (sessionView, error) {
	view := sessionView{frame: s.frame(c, sessionTitle(got), sectionOf(got)), Tab: tab, S: got, names: s.names(c.UserContext()), Queue: queueOf(c)}
	var err error
	view.Company, err = s.o.Sessions.CompanyOf(c.UserContext(), actor(c), got)
	view.Accent = got.Company
	view.Photos = currentPhotos(got)
	view.Large = chosen(view.Photos, c.Query("photo"))
	if p, ok := photoOfKind(view.Photos, session.Portrait); ok {
		view.FaceFrom = p.SHA256
	}
	return view, err
}

// changedSince is what was done to the session after the moment at which somebody saw it, newest first.
func (s *Server) changedSince(c *fiber.Ctx, id session.ID, seen string) []session.Event {
	at, err := time.Parse(time.RFC3339Nano, seen)
	if err != nil {
		return nil
	}
	events, err := s.o.Sessions.Events(c.UserContext(), actor(c), id, 50)
	if err != nil {
		s.o.Log.Warn("read what changed", "err", err)
	}
	return slices.DeleteFunc(events, func(e session.Event) bool {
		return !e.At.After(at) || slices.Contains([]string{session.ActViewed, session.ActPhotoViewed, session.ActPhotoTaken, session.ActReport}, e.Action)
	})
}

func sessionTitle(got session.Session) string {
	for _, name := range []string{got.Person.FullName(), got.Person.Local.Full(), got.Reference} {
		if name != "" {
			return name
		}
	}
	return "Session " + string(got.ID)
}

func sectionOf(got session.Session) string {
	switch got.Status {
	case session.AwaitingAction:
		return awaitingList.section
	case session.Rejected:
		return rejections.section
	}
	return allSessions.section
}

// currentPhotos are those of the newest attempt that has any, in the order in which pages show them.
func currentPhotos(got session.Session) []session.Photo {
	newest := 0
	for _, p := range got.Photos {
		newest = max(newest, p.Attempt)
	}
	return photosOf(got.Photos, newest)
}

func photosOf(all []session.Photo, attempt int) []session.Photo {
	var photos []session.Photo
	for _, p := range all {
		if p.Attempt == attempt {
			photos = append(photos, p)
		}
	}
	slices.SortStableFunc(photos, func(a, b session.Photo) int {
		return slices.Index(session.PhotoKinds, a.Kind) - slices.Index(session.PhotoKinds, b.Kind)
	})
	return photos
}

// chosen is the photo with that hash, else the first.
func chosen(photos []session.Photo, sha256 string) session.Photo {
	for _, p := range photos {
		if p.SHA256 == sha256 {
			return p
		}
	}
	if len(photos) > 0 {
		return photos[0]
	}
	return session.Photo{}
}

// showAttempts answers GET /sessions/:id/attempts.
func (s *Server) showAttempts(c *fiber.Ctx) error {
	view, err := s.tab(c, "attempts")
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "attempts", "swap", view)
}

// showAudit answers GET /sessions/:id/audit.
func (s *Server) showAudit(c *fiber.Ctx) error {
	view, err := s.tab(c, "audit")
	if err != nil {
		return err
	}
	view.Events, err = s.o.Sessions.Events(c.UserContext(), actor(c), view.S.ID, 500)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "audit", "swap", view)
}

func (s *Server) tab(c *fiber.Ctx, tab string) (sessionView, error) {
	id, err := idOf(c)
	if err != nil {
		return sessionView{}, err
	}
	got, err := s.o.Sessions.View(c.UserContext(), actor(c), id)
	if err != nil {
		return sessionView{}, err
	}
	return s.sessionView(c, got, tab)
}

// Decidable reports whether the session waits for a decision and the member may make it now.
func (v sessionView) Decidable() bool { return v.open() && v.S.Proposal == nil }

// Approvable reports whether the member may approve what somebody else proposed.
func (v sessionView) Approvable() bool {
	return v.open() && v.S.Proposal != nil && v.S.Proposal.By != v.who.actor.ID
}

// Mine reports whether the member proposed what waits for approval.
func (v sessionView) Mine() bool {
	return v.open() && v.S.Proposal != nil && v.S.Proposal.By == v.who.actor.ID
}

// open reports whether the session awaits action, and nobody else works on it.
func (v sessionView) open() bool {
	return v.S.Status == session.AwaitingAction && v.May("decide") && (v.Claim.By == "" || v.Claimed())
}

// Claimed reports whether the member works on the session.
func (v sessionView) Claimed() bool { return v.Claim.By != "" && v.Claim.By == v.who.actor.ID }

// Claimable reports whether the member may claim the session, or take it over.
func (v sessionView) Claimable() bool {
	return v.S.Status == session.AwaitingAction && v.May("decide") && !v.Claimed()
}

// Outdated reports whether the session changed after the decision was proposed.
func (v sessionView) Outdated() bool {
	return v.S.Proposal != nil && v.S.Version > v.S.Proposal.Version
}

// Seen is the moment up to which the page shows what happened.
func (v sessionView) Seen() string { return v.S.UpdatedAt.Format(time.RFC3339Nano) }

// To is a page of the session, named by what follows its address, in the queue that it was opened from.
func (v sessionView) To(suffix string, pairs ...string) string {
	return v.Queue.at(v.s.base+"/sessions/"+string(v.S.ID)+suffix, pairs...)
}

// Back is the list that the session was opened from, else the one that has it now.
func (v sessionView) Back() string {
	if v.Queue.known {
		return v.Queue.filter.at(v.s.base + v.Queue.kind.path)
	}
	return v.s.base + "/" + v.Section
}

// BackTo is what that list is called.
func (v sessionView) BackTo() string {
	kind := v.Queue.kind
	for _, k := range []listKind{awaitingList, rejections} {
		if !v.Queue.known && k.section == v.Section {
			kind = k
		}
	}
	return kind.title
}

// NextCase is where the next case of the queue is asked for.
func (v sessionView) NextCase() string { return v.Queue.at(v.s.base + "/sessions/next") }

// Editable reports whether client information may be edited.
func (v sessionView) Editable() bool {
	return (v.S.Status == session.AwaitingAction || v.S.Status == session.InProgress) && v.May("decide")
}

// Reopenable reports whether the decision may be taken back.
func (v sessionView) Reopenable() bool {
	return (v.S.Status == session.Success || v.S.Status == session.Rejected) && v.May("manage")
}

// TagGroups are the reasons for a rejection.
func (v sessionView) TagGroups() []session.TagGroup { return v.Company.Settings.TagGroups() }

// By is the name of who decided.
func (v sessionView) By(id string) string { return v.names(id) }

// InQueue reports whether the session was opened from a list.
func (v sessionView) InQueue() bool { return v.Queue.known }

// Asked reports whether the form of a verdict is open.
func (v sessionView) Asked(kind string) bool { return v.Form.Is("decision") && v.Form.Kind == kind }

// NeedsSecond reports whether a decision is proposed first.
func (v sessionView) NeedsSecond() bool {
	return v.S.Proposal == nil && v.Company.Settings.NeedsSecond(v.S)
}

// A shot is a photo as the viewer shows it.
type shot struct {
	URL, Thumb, Small, Large string // the original, and at three widths
	Name, About, SHA256      string
	Download                 string // "" for what is derived
}

// Shot is a photo of the session.
func (v sessionView) Shot(p session.Photo) shot {
	at := v.s.base + "/sessions/" + string(v.S.ID) + "/photos/" + p.SHA256
	return shot{URL: at, Thumb: at + "?w=160", Small: at + "?w=320", Large: at + "?w=1000", Name: photoName(p.Kind), SHA256: p.SHA256,
		About: fmt.Sprintf("%d × %d · %s", p.Width, p.Height, size(p.Bytes)), Download: at + "?download=yes"}
}

// FaceShot is the face on the document: a portrait that was given, else what was cut out, else the whole front.
func (v sessionView) FaceShot() shot {
	if !v.Cut {
		return v.Shot(v.Front())
	}
	at := v.s.base + "/sessions/" + string(v.S.ID) + "/face.jpg"
	return shot{URL: at, Thumb: at, Small: at, Large: at, Name: "Portrait, cut from the document"}
}

// WholeFront reports whether the whole front stands for the face on it.
func (v sessionView) WholeFront() bool { return v.FaceFrom == "" && !v.Cut }

// Front is the picture of the document to compare by eye: a portrait that was given, else its front.
func (v sessionView) Front() session.Photo {
	p, _ := photoOfKind(v.Photos, session.Portrait, session.DocumentFront)
	return p
}

// Selfie is the picture of the applicant.
func (v sessionView) Selfie() session.Photo {
	p, _ := photoOfKind(v.Photos, session.Selfie, session.Liveness)
	return p
}
