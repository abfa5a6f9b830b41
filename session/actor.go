package session

import (
	"slices"
	"strings"
)

// A Permission is something an [Actor] may do.
type Permission string

// The permissions.
const (
	MayRead   Permission = "read"   // see sessions, photos, lists, alerts
	MayIngest Permission = "ingest" // hand sessions in
	MayDecide Permission = "decide" // verify, reject, comment, edit, dispose of alerts, re-screen
	MayExport Permission = "export" // take data out: CSV, audit log
	// MayExportPersonal adds the columns of a CSV that say who somebody is: names, numbers, dates, addresses.
	MayExportPersonal Permission = "export_personal"
	MayList           Permission = "lists"  // update lists and start re-screenings: they concern all companies
	MayManage         Permission = "manage" // settings, members, keys; reopen
)

// An Actor is who asks for something. Every operation takes one, and checks it.
type Actor struct {
	ID        string // "member:01J…", "key:ab12cd", "system", "applicant"
	Name      string // to show: "Nino Example"
	Behind    string // the member who made the key that a program uses: the two are one pair of eyes
	IP        string
	May       []Permission
	Everyone  bool     // sees all companies
	Companies []string // sees these, where not all
}

// System is the program itself: imports, schedules and the command line act as it.
var System = Actor{ID: "system", Name: "Dossier", Everyone: true,
	May: []Permission{MayRead, MayIngest, MayDecide, MayExport, MayExportPersonal, MayList, MayManage}}

// Sees reports whether a may know of what belongs to company.
func (a Actor) Sees(company string) bool {
	return a.Everyone || slices.Contains(a.Companies, company)
}

// Can reports whether a has p.
func (a Actor) Can(p Permission) bool { return slices.Contains(a.May, p) }

// isMember reports whether a is a person who logs in, not a program.
func (a Actor) isMember() bool { return strings.HasPrefix(a.ID, "member:") }

func (a Actor) need(op string, p Permission) error {
	if a.Can(p) {
		return nil
	}
	return &Error{Code: Forbidden, Op: op, Message: "You may not do this: it needs the permission to " + string(p) + "."}
}

// scope is the companies that a sees: nil is all of them.
func (a Actor) scope() []string {
	if a.Everyone {
		return nil
	}
	return append([]string{}, a.Companies...)
}
