package server

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type editView struct {
	sessionView
	Seen    int // version of the session that the form shows
	Inputs  []input
	Reason  string
	Failed  string
	Problem string // of the reason
}

// An input is one field of the form, as typed.
type input struct {
	Name, Label, Value, Problem string
	Type                        string // of the HTML input; "sex" is a choice
	Hint                        string
}

// editable are the fields of the client information by JSON name, in the order of the page.
var editable = []input{
	{Name: "first_name", Label: "First Name", Type: "text"}, {Name: "last_name", Label: "Last Name", Type: "text"},
	{Name: "local.first_name", Label: "First Name, own script", Type: "text"}, {Name: "local.last_name", Label: "Last Name, own script", Type: "text"},
	{Name: "document_number", Label: "Document Number", Type: "text"}, {Name: "personal_number", Label: "Personal Number", Type: "text"},
	{Name: "sex", Label: "Sex", Type: "sex"}, {Name: "nationality", Label: "Nationality", Type: "text", Hint: "ISO 3166-1 alpha-3 or ICAO code, such as DEU"},
	{Name: "birth_date", Label: "Birth Date", Type: "text", Hint: "YYYY-MM-DD, or YYYY-MM or YYYY where the document says no more"},
	{Name: "expiration_date", Label: "Expiration Date", Type: "text", Hint: "YYYY-MM-DD"},
	{Name: "place_of_birth", Label: "Place of birth", Type: "text"},
}

// showEdit answers GET /sessions/:id/edit.
func (s *Server) showEdit(c *fiber.Ctx) error {
	view, err := s.tab(c, "current")
	if err != nil {
		return err
	}
	if !view.Editable() {
		return &session.Error{Code: session.Conflict, Op: "server.showEdit", Message: "Client information can be edited only while the session is not decided."}
	}
	return s.render(c, fiber.StatusOK, "edit", "main", editView{sessionView: view, Seen: view.S.Version, Inputs: inputs(view.S.Person)})
}

// edit answers POST /sessions/:id/edit.
func (s *Server) edit(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.FormValue("version"))
	typed, fields := slices.Clone(editable), map[string]string{}
	for i, in := range typed {
		if !c.Request().PostArgs().Has(in.Name) { // what is not sent stays as it is
			continue
		}
		typed[i].Value = c.FormValue(in.Name)
		fields[in.Name] = typed[i].Value
	}
	reason := c.FormValue("reason")
	_, err = s.o.Sessions.Amend(c.UserContext(), actor(c), id, session.Amendment{Version: max(version, 1), Fields: fields, Reason: reason})
	if err == nil {
		return s.toSession(c, id, "edited")
	}
	status, ok := showAgain(err)
	if !ok {
		return err
	}
	view, viewErr := s.tab(c, "current")
	if viewErr != nil {
		return viewErr
	}
	again := editView{sessionView: view, Seen: view.S.Version, Inputs: typed, Reason: reason, Failed: session.MessageOf(err), Problem: fieldsOf(err)["reason"]}
	for i, in := range again.Inputs {
		again.Inputs[i].Problem = firstOf(fieldsOf(err), in.Name, "person."+in.Name)
	}
	return s.render(c, status, "edit", "main", again)
}

func firstOf(fields session.Fields, names ...string) string {
	for _, name := range names {
		if fields[name] != "" {
			return fields[name]
		}
	}
	return ""
}

func inputs(p session.Person) []input {
	local := p.Local
	if local == nil {
		local = &session.LocalName{}
	}
	values := map[string]string{"first_name": p.FirstName, "last_name": p.LastName, "local.first_name": local.FirstName, "local.last_name": local.LastName,
		"document_number": p.DocumentNumber, "personal_number": p.PersonalNumber, "sex": p.Sex, "nationality": p.Nationality,
		"birth_date": string(p.BirthDate), "expiration_date": string(p.ExpirationDate), "place_of_birth": p.PlaceOfBirth}
	filled := slices.Clone(editable)
	for i, in := range filled {
		filled[i].Value = values[in.Name]
	}
	return filled
}
