package demo

import (
	"math/rand/v2"
	"strings"
	"time"

	"dossier/mrz"
	"dossier/session"
)

// The slugs of the two companies.
const (
	Acme  = "acme"
	Orbit = "orbit"
)

// Companies are the two whose customers the cases are: a lender and an exchange, each with rules and
// questions of its own.
func Companies(now time.Time) []session.Company {
	acme := session.NewCompany(Acme, "Acme Lending", now)
	acme.Settings.Colour = "#1f6f5c"
	acme.Settings.Extra = []session.ExtraField{
		{Key: "loan_amount", Label: "Loan amount (EUR)", Type: "number"},
		{Key: "purpose", Label: "Purpose of the loan", Type: "choice", Choices: purposes},
		{Key: "phone", Label: "Phone", Type: "phone", Searchable: true},
		{Key: "customer_since", Label: "Customer since", Type: "date"},
	}
	orbit := session.NewCompany(Orbit, "Orbit Exchange", now)
	orbit.Settings.Colour = "#5b3fb0"
	orbit.Settings.Logo = logo()
	orbit.Settings.PDFHeader = "An invented exchange"
	orbit.Settings.PDFFooter = "Specimen: nobody in this report exists"
	orbit.Settings.Tags = []session.OwnTag{{Group: "Suspected fraud", Name: "Rented account"}}
	orbit.Settings.MinFaceMatch = 5
	orbit.Settings.HighRisk = []session.HighRisk{{Country: "UTO", Nationality: session.Reject}}
	orbit.Settings.Extra = []session.ExtraField{
		{Key: "email", Label: "E-mail", Type: "email", Searchable: true},
		{Key: "wallet", Label: "Wallet", Type: "text", Pattern: "0x[0-9a-f]{16}", Searchable: true},
		{Key: "source_of_funds", Label: "Source of funds", Type: "choice", Choices: funds},
		{Key: "public_office", Label: "Holds a public office", Type: "boolean"},
	}
	return []session.Company{acme, orbit}
}

var (
	purposes = []string{"Car", "Home", "Studies", "Business", "Other"}
	funds    = []string{"Salary", "Savings", "Sale of property", "Inheritance", "Business"}
)

// answers are what an applicant says to the company's questions.
func answers(r *rand.Rand, company string, p Person) map[string]any {
	if company == Acme {
		return map[string]any{
			"loan_amount": float64(500 * (2 + r.IntN(58))), "purpose": choose(r, purposes),
			"phone": "+999 555 " + fill(r, "9999999", r.IntN(serials)), "customer_since": string(civil(time.Date(2012+r.IntN(12), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC))),
		}
	}
	return map[string]any{
		"email": mailName(p) + "@mail.example", "wallet": wallet(r),
		"source_of_funds": choose(r, funds), "public_office": r.IntN(30) == 0,
	}
}

func wallet(r *rand.Rand) string {
	const digits = "0123456789abcdef"
	out := []byte("0x................")
	for i := 2; i < len(out); i++ {
		out[i] = digits[r.IntN(16)]
	}
	return string(out)
}

// mailName is a name as the first half of a mail address.
func mailName(p Person) string {
	clean := func(s string) string {
		return strings.Map(func(c rune) rune {
			if c >= 'a' && c <= 'z' {
				return c
			}
			return -1
		}, strings.ToLower(mrz.Transliterate(s)))
	}
	return clean(p.FirstName) + "." + clean(p.LastName)
}
