package server

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// A settingsPage is one page of Settings, as its sub-navigation shows it.
type settingsPage struct {
	group, key, title string // the page stands at /settings/key
	need              session.Permission
	company           bool // it is about one company, which ?company= names
}

// settingsPages are the pages of Settings in the order of the sub-navigation; neighbours of one group
// stand under its heading. Pages that concern the whole installation need MayList, which only masters
// of all companies have.
var settingsPages = []settingsPage{
	{"Company", "company", "Company", session.MayManage, true},
	{"Company", "branding", "Branding", session.MayManage, true},
	{"Company", "keys", "API keys", session.MayManage, true},
	{"Company", "webhooks", "Webhooks", session.MayManage, true},
	{"Verification", "session", "Session", session.MayManage, true},
	{"Verification", "rules", "Rules", session.MayManage, true},
	{"Verification", "fields", "Extra fields", session.MayManage, true},
	{"Verification", "reasons", "Rejection reasons", session.MayManage, true},
	{"Risk", "countries", "High-risk countries", session.MayManage, true},
	{"Risk", "sanctions", "Sanctions", session.MayManage, true},
	{"Data", "retention", "Retention", session.MayManage, true},
	{"Data", "erasure", "Erasure", session.MayManage, false},
	{"Data", "history", "History", session.MayExport, true},
	{"Data", "transfer", "Export and import", session.MayManage, true},
	{"People", "members", "Members", session.MayManage, false},
	{"People", "profile", "Your profile", session.MayRead, false},
	{"Installation", "system", "System", session.MayList, false},
}

func settingsPageOf(key string) settingsPage {
	for _, p := range settingsPages {
		if p.key == key {
			return p
		}
	}
	return settingsPage{key: key, title: "Settings"}
}

// A settingsView is what stands around a page of Settings. Views embed it.
type settingsView struct {
	frame
	Page    string          // key of the page shown
	Company session.Company // whose settings are shown, on pages that are about one company
}

// settingsView prepares a page of Settings. Where the page is about a company, that is the one that
// ?company= names, else the first that the member sees.
func (s *Server) settingsView(c *fiber.Ctx, key string) (settingsView, error) {
	return s.settingsViewOf(c, key, c.Query("company"))
}

// settingsViewOf is settingsView for a page whose address names the company in another way.
func (s *Server) settingsViewOf(c *fiber.Ctx, key, slug string) (settingsView, error) {
	page := settingsPageOf(key)
	view := settingsView{frame: s.frame(c, page.title, "settings"), Page: key}
	if !page.company {
		return view, nil
	}
	if slug == "" {
		companies, err := view.Companies()
		if err != nil {
			return view, err
		}
		if len(companies) == 0 {
			return view, &session.Error{Code: session.NotFound, Op: "server.settingsView", Message: "There is no company yet: make one with dossier company add."}
		}
		slug = companies[0].Slug
	}
	var err error
	view.Company, err = s.o.Sessions.Company(c.UserContext(), actor(c), slug)
	view.Accent = view.Company.Slug
	return view, err
}

// showSettings answers GET /settings with the first page that the member may see.
func (s *Server) showSettings(c *fiber.Ctx) error {
	for _, p := range settingsPages {
		if actor(c).Can(p.need) {
			return c.Redirect(s.base+"/settings/"+p.key, fiber.StatusSeeOther)
		}
	}
	return &session.Error{Code: session.Forbidden, Op: "server.showSettings", Message: "Your role has no settings to see."}
}

// A subnavGroup is a heading of the sub-navigation with its pages.
type subnavGroup struct {
	Title string
	Pages []subnavPage
}

type subnavPage struct {
	Title, URL string
	On         bool
}

// Subnav is the sub-navigation of Settings, as far as the member may go.
func (v settingsView) Subnav() []subnavGroup {
	var groups []subnavGroup
	for _, p := range settingsPages {
		if !v.May(string(p.need)) {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].Title != p.group {
			groups = append(groups, subnavGroup{Title: p.group})
		}
		last := &groups[len(groups)-1]
		last.Pages = append(last.Pages, subnavPage{Title: p.title, URL: v.at(p), On: p.key == v.Page})
	}
	return groups
}

// at is the address of a page, about the same company as this one, with more in its query string.
func (v settingsView) at(p settingsPage, more ...string) string {
	query := url.Values{}
	if p.company && v.Company.Slug != "" && v.Several() {
		query.Set("company", v.Company.Slug)
	}
	for i := 0; i+1 < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	return withQuery(v.s.base+"/settings/"+p.key, query)
}

// Here is the address of this page; its forms go there, too.
func (v settingsView) Here() string { return v.at(settingsPageOf(v.Page)) }

// OfCompany reports whether the page is about one company, and may be turned to another.
func (v settingsView) OfCompany() bool { return v.Company.Slug != "" }

// SettingsOpen reports whether the member has any page of Settings.
func (f frame) SettingsOpen() bool {
	for _, p := range settingsPages {
		if f.May(string(p.need)) {
			return true
		}
	}
	return false
}
