package server

import (
	"fmt"
	"html/template"
	"io"
	"text/template/parse"

	"dossier/templates"
)

// pageNames are the templates that the handlers render. The server does not start without one of them.
var pageNames = []string{"login", "setup", "error", "sessions", "session", "attempts", "audit", "edit", "compare", "reject", "exports",
	"alerts", "alert", "entry", "suppressions", "suppression", "threshold", "lists", "list", "list_version", "fetches", "replay", "screening_report", "runs", "run", "activity", "erasure", "dashboard", "webhooks", "webhook", "apidocs", "settings",
	"settings_branding", "settings_fields", "settings_countries", "settings_reasons", "settings_history", "settings_version", "settings_transfer", "settings_keys",
	"second", "invite", "members", "member", "profile", "enrol", "recovery", "system"}

// commonFiles hold what several pages show.
var commonFiles = []string{"layout.html", "parts.html", "person.html", "kept.html", "people.html", "hits.html", "settings_nav.html", "webhook_form.html"}

// around are the templates of the layout that call main, of which each page has its own.
var around = []string{"layout", "swap"}

// A pageSet is the templates of all pages in one set, in which what a page's own file defines, and what stands
// around it, is called after the page: "session/main". A set for each page, with the parts in all of them, took
// sixteen megabytes that every collection of garbage had to walk through.
type pageSet struct{ all *template.Template }

// execute writes a template of a page, or a part that pages share.
func (p pageSet) execute(w io.Writer, page, name string, view any) error {
	if own := page + "/" + name; p.all.Lookup(own) != nil {
		name = own
	}
	return p.all.ExecuteTemplate(w, name, view)
}

// loadPages parses the parts and the pages.
func (s *Server) loadPages() (pageSet, error) {
	all, err := s.parse(commonFiles...)
	if err != nil {
		return pageSet{}, err
	}
	for _, name := range pageNames {
		page, err := s.parse(name + ".html")
		if err != nil {
			return pageSet{}, err
		}
		if page.Lookup("main") == nil {
			return pageSet{}, fmt.Errorf("server: the page %s does not define main", name)
		}
		trees := map[string]*parse.Tree{}
		for _, t := range page.Templates() {
			if t.Tree != nil { // of a file, or a name, without content
				trees[t.Name()] = t.Tree
			}
		}
		for _, part := range around {
			trees[part] = all.Lookup(part).Tree.Copy()
		}
		for part, tree := range trees {
			callOwn(tree.Root, name, trees)
			if _, err := all.AddParseTree(name+"/"+part, tree); err != nil {
				return pageSet{}, fmt.Errorf("server: %w", err)
			}
		}
	}
	return pageSet{all}, nil
}

// parse parses files, and puts in place what is the same on every page.
func (s *Server) parse(files ...string) (*template.Template, error) {
	parsed, err := template.New("").Funcs(s.funcs()).ParseFS(templates.FS, files...)
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	return parsed, s.fold(parsed)
}
