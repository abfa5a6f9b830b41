package sanctions

import (
	"cmp"
	"encoding/xml"
	"regexp"
	"strings"
	"time"
)

// secoTarget is a target of the Swiss list. Each modification repeats old content, nested targets with
// the same ssid included; only what stands directly in the target is in force.
type secoTarget struct {
	ID            string     `xml:"ssid,attr"`
	Sets          []string   `xml:"sanctions-set-id"`
	ForeignID     string     `xml:"foreign-identifier"`
	Individual    *secoParty `xml:"individual"`
	Entity        *secoParty `xml:"entity"`
	Object        *secoParty `xml:"object"`
	Modifications []struct {
		Type      string `xml:"modification-type,attr"`
		Effective string `xml:"effective-date,attr"`
	} `xml:"modification"`
}

type secoParty struct {
	Sex            string         `xml:"sex,attr"`
	ObjectType     string         `xml:"object-type,attr"`
	Identities     []secoIdentity `xml:"identity"`
	Justifications []string       `xml:"justification"`
	Other          []string       `xml:"other-information"`
}

type secoIdentity struct {
	Main    string     `xml:"main,attr"`
	Names   []secoName `xml:"name"`
	Births  []secoDate `xml:"day-month-year"`
	Places  []secoRef  `xml:"place-of-birth"`
	Address []secoRef  `xml:"address"`
	Nations []struct {
		Country struct {
			ISO  string `xml:"iso-code,attr"`
			Name string `xml:",chardata"`
		} `xml:"country"`
	} `xml:"nationality"`
	Documents []secoDocument `xml:"identification-document"`
}

type secoDocument struct {
	Kind   string `xml:"document-type,attr"`
	Number string `xml:"number"`
	Issuer struct {
		Code string `xml:"code,attr"`
		Name string `xml:",chardata"`
	} `xml:"issuer"`
	Issued  string `xml:"date-of-issue"`
	Expires string `xml:"expiry-date"`
	Remark  string `xml:"remark"`
}

type secoRef struct {
	Place   string `xml:"place-id,attr"`
	Details string `xml:"address-details"`
	Zip     string `xml:"zip-code"`
}

type secoDate struct {
	Day      string `xml:"day,attr"`
	Month    string `xml:"month,attr"`
	Year     string `xml:"year,attr"`
	Calendar string `xml:"calendar,attr"`
	Quality  string `xml:"quality,attr"`
}

type secoName struct {
	Type    string     `xml:"name-type,attr"`
	Quality string     `xml:"quality,attr"`
	Parts   []secoPart `xml:"name-part"`
}

type secoPart struct {
	Type     string        `xml:"name-part-type,attr"`
	Value    string        `xml:"value"`
	Variants []secoVariant `xml:"spelling-variant"`
}

type secoVariant struct {
	Lang   string `xml:"lang,attr"`
	Script string `xml:"script,attr"`
	Text   string `xml:",chardata"`
}

type secoPlace struct {
	ID       string `xml:"ssid,attr"`
	Location string `xml:"location"`
	Area     string `xml:"area"`
	Country  string `xml:"country"`
}

type secoProgram struct {
	Keys  []secoText `xml:"program-key"`
	Names []secoText `xml:"program-name"`
	Sets  []struct {
		ID string `xml:"ssid,attr"`
	} `xml:"sanctions-set"`
}

type secoText struct {
	Lang string `xml:"lang,attr"`
	Text string `xml:",chardata"`
}

// A secoReader resolves what targets refer to by id when the whole file is read.
type secoReader struct {
	x        *xmlFile
	c        *collector
	places   map[string]string
	programs map[string]string // sanctions set → program
	refs     map[string]secoRefs
}

// secoRefs are the ids that an entry refers to.
type secoRefs struct{ sets, births, addresses []string }

// readSECO reads the Swiss list (seco-xml). Targets that are no longer listed are not entries.
func readSECO(src *source, c *collector) error {
	r := &secoReader{x: openXML(src), c: c, places: map[string]string{}, programs: map[string]string{}, refs: map[string]secoRefs{}}
	if err := r.x.walk(r.visit); err != nil {
		return err
	}
	r.resolve()
	return nil
}

func (r *secoReader) visit(start xml.StartElement) error {
	switch start.Name.Local {
	case "swiss-sanctions-list":
		if t, err := time.Parse(time.DateOnly, attribute(start, "date")); err == nil {
			r.c.published(t, "")
		}
	case "sanctions-program":
		var p secoProgram
		err := r.x.decode(&p, start)
		for _, set := range p.Sets {
			r.programs[set.ID] = cmp.Or(inEnglish(p.Keys), inEnglish(p.Names))
		}
		return err
	case "place":
		var p secoPlace
		err := r.x.decode(&p, start)
		r.places[p.ID] = joinPlace(p.Location, p.Area, p.Country)
		return err
	case "target":
		var target secoTarget
		at := r.x.place()
		if err := r.x.decode(&target, start); err != nil {
			return err
		}
		if !target.delisted() {
			r.add(&target, at)
		}
	}
	return nil
}

func inEnglish(texts []secoText) string {
	for _, t := range texts {
		if strings.HasPrefix(strings.ToLower(t.Lang), "en") {
			return tidy(t.Text)
		}
	}
	if len(texts) > 0 {
		return tidy(texts[0].Text)
	}
	return ""
}

// delisted says whether the newest modification, which is the first, took the target off the list.
func (t *secoTarget) delisted() bool {
	return len(t.Modifications) > 0 && t.Modifications[0].Type == "de-listed"
}

// resolve puts programs and places in.
func (r *secoReader) resolve() {
	for i := range r.c.list.Records {
		e := &r.c.list.Records[i]
		refs := r.refs[e.ID]
		for _, set := range refs.sets {
			e.Programs = append(e.Programs, cmp.Or(r.programs[tidy(set)], "SECO "+tidy(set)))
		}
		for _, id := range refs.births {
			e.BirthPlaces = append(e.BirthPlaces, r.places[id])
		}
		for _, id := range refs.addresses {
			details, id, _ := strings.Cut(id, "\x00")
			e.Addresses = append(e.Addresses, joinPlace(details, r.places[id]))
		}
	}
}

var imoInText = regexp.MustCompile(`\bIMO\b\D{0,12}(\d{7})\b`)

func (r *secoReader) add(t *secoTarget, at place) {
	e := Entry{ID: tidy(t.ID), Type: Entity}
	party := t.Entity
	switch {
	case t.Individual != nil:
		e.Type, party = Individual, t.Individual
	case t.Object != nil:
		e.Type, party = ofacType(t.Object.ObjectType), t.Object
	case party == nil:
		r.c.skip(at, e.ID, "the target is no individual, entity or object")
		return
	}
	refs := secoRefs{sets: t.Sets}
	for _, identity := range party.Identities {
		r.addIdentity(&e, identity, &refs, at)
	}
	if sex := sexOf(party.Sex); sex != "" {
		e.Sexes = []string{sex}
	}
	for _, m := range t.Modifications {
		if m.Type == "listed" {
			e.ListedOn = isoDay(m.Effective)
		}
	}
	for _, m := range imoInText.FindAllStringSubmatch(strings.Join(party.Other, "\n"), -1) {
		e.Documents = append(e.Documents, Document{Kind: "IMO number", Number: m[1]})
	}
	e.remark(party.Justifications...)
	e.remark(party.Other...)
	e.remark(labelled("Foreign identifier", t.ForeignID))
	r.refs[e.ID] = refs
	r.c.add(e, at)
}

func (r *secoReader) addIdentity(e *Entry, identity secoIdentity, refs *secoRefs, at place) {
	for _, n := range identity.Names {
		e.Names = append(e.Names, n.names(identity.Main != "false")...)
	}
	for _, b := range identity.Births {
		text := joinDashed(b.Year, b.Month, b.Day)
		if !strings.EqualFold(b.Calendar, "Gregorian") && b.Calendar != "" {
			text += " " + b.Calendar
		}
		had := len(e.Births)
		r.c.addBirth(e, text, at)
		for i := had; i < len(e.Births); i++ {
			e.Births[i].Circa = e.Births[i].Circa || b.Quality == "low"
		}
	}
	for _, n := range identity.Nations {
		e.Nationalities = append(e.Nationalities, cmp.Or(tidy(n.Country.ISO), n.Country.Name))
	}
	for _, d := range identity.Documents {
		e.Documents = append(e.Documents, Document{Kind: d.Kind, Number: d.Number, Country: cmp.Or(tidy(d.Issuer.Code), d.Issuer.Name),
			Note: joinNotes(validity(d.Issued, d.Expires), d.Remark)})
	}
	for _, p := range identity.Places {
		refs.births = append(refs.births, p.Place)
	}
	for _, a := range identity.Address {
		refs.addresses = append(refs.addresses, joinPlace(a.Details, a.Zip)+"\x00"+a.Place)
	}
}
