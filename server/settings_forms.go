package server

import "dossier/session"

// The pages of Settings that are one form of controls.
var companyForm = settingsForm{key: "company", intro: "What the company is called on pages and in reports.", groups: []controlGroup{
	{Controls: []control{
		lineControl("name", "Name", "1 to 120 characters", func(c *session.Company) *string { return &c.Name }),
	}},
}}
