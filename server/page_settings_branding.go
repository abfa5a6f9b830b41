package server

import (
	"bytes"
	"fmt"
	"math"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

// brandingForm is a form of controls with a file beside them, so that its page is one of its own.
var brandingForm = settingsForm{key: "branding", intro: "How the company looks on pages and in reports.", groups: []controlGroup{
	{Title: "Colour", Controls: []control{colourControl()}},
	{Title: "Reports", Controls: []control{
		lineControl("pdf_header", "Line under the name", "On the first page of a PDF, at most 200 characters", func(c *session.Company) *string { return &c.Settings.PDFHeader }),
		lineControl("pdf_footer", "Line at the foot", "On every page of a PDF, at most 200 characters", func(c *session.Company) *string { return &c.Settings.PDFFooter }),
	}},
}}

func colourControl() control {
	c := lineControl("colour", "Accent colour", "Made darker or lighter where text in it could not be read", func(c *session.Company) *string { return &c.Settings.Colour })
	c.Kind = "colour"
	return c
}

type brandingView struct {
	formView
	Light, Dark contrastNote
}

// A contrastNote says how the accent is read on a ground, and what is shown instead where it cannot be.
type contrastNote struct {
	Ground string
	Ratio  string // "3.1 : 1"
	Enough bool
	Used   string // the colour that pages take
}

func noteOn(name string, accent colour, grounds []colour) contrastNote {
	ratio := accent.worstOn(grounds)
	return contrastNote{Ground: name, Ratio: fmt.Sprintf("%.1f : 1", math.Floor(ratio*10)/10), Enough: ratio >= minContrast, Used: accent.readableOn(grounds).String()}
}

func branding(form formView) brandingView {
	view := brandingView{formView: form}
	if accent, ok := parseColour(form.Company.Settings.Colour); ok {
		view.Light, view.Dark = noteOn("light", accent, lightGrounds), noteOn("dark", accent, darkGrounds)
	}
	return view
}

// showBranding answers GET /settings/branding.
func (s *Server) showBranding(c *fiber.Ctx) error {
	view, err := s.settingsView(c, brandingForm.key)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "settings_branding", "main", branding(formView{savedView: s.savedView(view), Intro: brandingForm.intro,
		Groups: shown(brandingForm.groups, view.Company, nil, nil)}))
}

// saveBranding answers POST /settings/branding.
func (s *Server) saveBranding(c *fiber.Ctx) error {
	view, err := s.settingsView(c, brandingForm.key)
	if err != nil {
		return err
	}
	typed := typedIn(c)
	company := view.Company
	bad := read(brandingForm.groups, &company, typed)
	takeLogo(c, &company)
	return s.save(c, view, company, bad, func(status int, again savedView) error {
		return s.render(c, status, "settings_branding", "main", branding(formView{savedView: again, Intro: brandingForm.intro,
			Groups: shown(brandingForm.groups, view.Company, typed, again.Fields)}))
	})
}

// takeLogo puts an uploaded logo in the place of the company's, or takes it away.
func takeLogo(c *fiber.Ctx, company *session.Company) {
	if c.FormValue("logo_remove") == "on" {
		company.Settings.Logo = nil
	}
	if logo, ok := fileOf(c, "logo"); ok {
		company.Settings.Logo = bytes.Clone(logo.data) // without the rest of the form
	}
}

// showLogo answers GET /settings/branding/logo.
func (s *Server) showLogo(c *fiber.Ctx) error {
	view, err := s.settingsView(c, brandingForm.key)
	if err != nil {
		return err
	}
	logo := view.Company.Settings.Logo
	if len(logo) == 0 {
		return &session.Error{Code: session.NotFound, Op: "server.showLogo", Message: "The company has no logo."}
	}
	c.Set(fiber.HeaderContentType, http.DetectContentType(logo))
	return c.Send(logo)
}
