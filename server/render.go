package server

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
	"dossier/staff"
)

// render answers with a page, or with the fragment of it alone where htmx asks. The page is made whole
// before the first byte goes out, so that a failing template is an error page and no torso.
func (s *Server) render(c *fiber.Ctx, status int, page, fragment string, view any) error {
	name := "layout"
	if fragment != "" && isFragment(c) {
		name = fragment
	}
	c.Response().ResetBody() // of a page that came to nothing, which an error page takes the place of
	if err := s.pages.execute(c.Response().BodyWriter(), page, name, view); err != nil {
		return fmt.Errorf("server: render %s: %w", page, err)
	}
	c.Vary("HX-Request", "HX-History-Restore-Request")
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Status(status)
	return nil
}

// isFragment reports whether htmx asks for a part of the page. When it restores history it needs all.
func isFragment(c *fiber.Ctx) bool {
	return c.Get("HX-Request") == "true" && c.Get("HX-History-Restore-Request") != "true"
}

// A frame is what stands around every page. Views embed it.
type frame struct {
	Title   string
	Section string // of the sidebar: sessions, awaiting, rejections, sanctions, activity
	Accent  string // slug of the company whose colour the page takes
	Done    string // what has just been done, to say so
	Gap     string // why searches may leave sessions out, or ""; as it was before the page's own search
	Version string

	after bool // shown after a change of the visitor's own, which its counts must know of
	who   *visitor
	s     *Server
	ctx   context.Context // of the request; the frame does not outlive it
	// companies are read once a page, and only where it shows them.
	companies func() ([]session.Company, error)
}

// done are the messages that a redirect may ask for with ?done=.
var done = map[string]string{
	"verified": "Verified.", "rejected": "Rejected.", "noted": "The note was added.", "edited": "The changes were saved.",
	"screened": "Screened against the lists in force.", "held": "The legal hold is set.", "released": "The legal hold is lifted.", "erased": "The session is erased. It is now being taken out of the files: see Settings → Erasure.", "erasing": "What is due is being erased.",
	"proposed": "Proposed. Another member must approve it.", "sentback": "Sent back: the session awaits a decision again.",
	"claimed": "You work on this session now.", "unclaimed": "The session was given back.", "assigned": "The session was assigned.",
	"nocase": "There is no free case in this queue.", "last": "This is the last session of the list.", "first": "This is the first session of the list.",
	"unknown":      "None was found, but there may be one: the search index does not know all sessions yet.",
	"filter-saved": "The filter was saved.", "deleted": "Deleted.", "columns": "The columns were changed.",
	"reopened": "Reopened: the session awaits action again.", "disposed": "The alert was decided.",
	"loaded": "The list is in force.", "same": "This file is in force already. It was noted that it is still current.",
	"setup":      "Dossier is set up. Welcome.",
	"saved":      "The settings were saved.",
	"hook-added": "The webhook is on. Give its secret to the receiver, and send a test.", "hook-on": "Switched on.", "hook-off": "Switched off.",
	"hook-rotated": "The new secret signs from now on; the old one for 24 hours more.", "hook-deleted": "The webhook is gone.",
	"cancelled": "The run is being stopped.", "fetching": "The list is being fetched. What comes of it is shown here: load the page again in a moment.", "retired": "The list is out of force. A run takes its hits away and closes their alerts.",
	"changed": "The changes were saved.", "disabled": "Disabled. All logins of this member have ended.", "enabled": "This member can log in again.",
	"factors-dropped": "The second factor is gone, and all logins have ended.", "logins-ended": "The logins have ended.", "login-ended": "The login has ended.",
	"password-set": "The password is set. Log in with it.", "password-changed": "The password is changed. All other logins have ended.",
	"factor-on": "The second factor is on. All other logins have ended.", "factor-off": "It is removed.",
	"approved": "Approved: the disposition is in force.", "sent-back": "Sent back: the alert is open again.", "alert-assigned": "The alert has changed hands.",
	"no-next": "No open alert is left that nobody else has.", "ended": "The suppression has ended. The alerts that it held down are open again.",
	"renewed": "Confirmed for another year.",
}

func (s *Server) frame(c *fiber.Ctx, title, section string) frame {
	f := frame{Title: title, Section: section, Version: s.o.Version, Done: done[c.Query("done")], s: s, ctx: c.UserContext()}
	f.after = f.Done != "" || c.Method() == fiber.MethodPost
	if v, ok := visitorOf(c); ok {
		f.who = &v
		f.Gap = s.o.Sessions.Gap(f.ctx, v.actor)
		f.companies = sync.OnceValues(func() ([]session.Company, error) { return s.o.Sessions.Companies(f.ctx, v.actor) })
		if !v.actor.Everyone && len(v.actor.Companies) == 1 {
			f.Accent = v.actor.Companies[0]
		}
	}
	return f
}

// LoggedIn reports whether the page is for somebody.
func (f frame) LoggedIn() bool { return f.who != nil }

// Me is the name of who is logged in.
func (f frame) Me() string { return f.who.member.Name }

// Role is what the member is.
func (f frame) Role() string { return string(f.who.member.Role) }

// CSRF is the token that every form carries.
func (f frame) CSRF() string {
	if f.who == nil {
		return ""
	}
	return f.who.login.CSRF
}

// May reports whether the member has a permission: read, decide, export, lists or manage.
func (f frame) May(p string) bool { return f.who != nil && f.who.actor.Can(session.Permission(p)) }

// All reports whether the member belongs to all companies, and so to what concerns the installation.
func (f frame) All() bool { return f.who != nil && f.who.actor.Everyone }

// Awaiting is how many sessions await action, or "" where that is not known now, as while the index does not
// know all sessions. After a change of the visitor's own it waits for the index to take that in.
func (f frame) Awaiting() string {
	if f.Gap != "" {
		return ""
	}
	n, more, err := f.s.o.Sessions.AwaitingTotal(f.ctx, f.who.actor, !f.after)
	if err != nil {
		f.s.o.Log.Warn("count what awaits action", "err", err)
		return ""
	}
	return total(n, more)
}

// OpenAlerts is how many alerts are open, or "" where that is not known now.
func (f frame) OpenAlerts() string {
	const most = 1000
	n, err := f.s.o.Sessions.OpenAlerts(f.ctx, f.who.actor, most)
	if err != nil {
		f.s.o.Log.Warn("count the open alerts", "err", err)
		return ""
	}
	return total(n, n >= most)
}

// StaleLists says which lists were not refreshed within their limit, or "".
func (f frame) StaleLists() string {
	lists, err := f.s.o.Sessions.Lists(f.who.actor)
	if err != nil { // not for those who may not see lists
		return ""
	}
	var stale []string
	for _, l := range lists {
		if f.Stale(l) {
			stale = append(stale, listName(l.ID)+", last refreshed "+f.s.since(l.Checked))
		}
	}
	if len(stale) == 0 {
		return ""
	}
	return "Not refreshed within " + count(int(f.s.o.Sessions.StaleAfter().Hours()), "hour", "hours") + ": " + strings.Join(stale, "; ") + ". Nobody is called clear until that is done."
}

// Companies are the companies that the member sees.
func (f frame) Companies() ([]session.Company, error) { return f.companies() }

// Several reports whether the member sees more than one company.
func (f frame) Several() bool {
	companies, err := f.Companies()
	return err == nil && len(companies) > 1
}

// names returns what to call whoever "member:01J…" and the like stand for.
func (s *Server) names(ctx context.Context) func(id string) string {
	members := sync.OnceValue(func() []staff.Member {
		all, err := s.o.Staff.Members(ctx)
		if err != nil {
			s.o.Log.Warn("read the members", "err", err)
		}
		return all
	})
	return func(id string) string {
		kind, rest, _ := strings.Cut(id, ":")
		switch kind {
		case "rules":
			return "Rules"
		case "system":
			return "Dossier"
		case "key":
			return "API key " + rest
		case "member":
		default:
			return id
		}
		for _, m := range members() {
			if m.ID == rest {
				return m.Name
			}
		}
		return "Former member"
	}
}
