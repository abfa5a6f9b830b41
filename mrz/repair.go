package mrz

import "strings"

// A Repair is one character read otherwise than it stands in the zone.
type Repair struct {
	Field  string `json:"field"`
	Line   int    `json:"line"`   // from 0
	Column int    `json:"column"` // from 0
	From   string `json:"from"`
	To     string `json:"to"`
	Proof  string `json:"proof"` // "alphabet" or "check digit"
}

// What readers of OCR-B take for one another. A letter among digits, or a digit among letters, is
// read the only way that its field allows.
var (
	asDigit  = map[byte]byte{'O': '0', 'Q': '0', 'D': '0', 'I': '1', 'L': '1', 'Z': '2', 'S': '5', 'G': '6', 'B': '8'}
	asLetter = map[byte]byte{'0': 'O', '1': 'I', '2': 'Z', '5': 'S', '6': 'G', '8': 'B'}
)

// explain tries to repair a zone that does not hold. The repairs are made if correct is set, else
// they become suggestions.
func (l *layout) explain(z *zone, found Result, correct bool) Result {
	if z.wide {
		return found
	}
	d := draft{l: l, zone: *z}
	d.byAlphabet()
	d.byCheckDigit()
	if len(d.repairs) == 0 {
		return found
	}
	better := l.assess(&d.zone)
	if correct {
		better.Repairs = d.repairs
		return better
	}
	suggest(found.Fields, better.Fields)
	return found
}

// suggest says of each field that fails how the repaired zone has it. Where only the data under a
// check digit changed, that is the data: "Document number L898902C3".
func suggest(found, better []Field) {
	for i := range found {
		f, b := &found[i], &better[i]
		switch {
		case f.Valid || !b.Valid:
		case f.Raw != b.Raw:
			f.Suggestion = b.Value
		default:
			f.Suggestion = changes(found, better)
		}
	}
}

func changes(found, better []Field) string {
	var changed []string
	for i := range found {
		if found[i].Value != better[i].Value {
			changed = append(changed, better[i].Label+" "+better[i].Value)
		}
	}
	return strings.Join(changed, ", ")
}

// A draft is a zone under repair.
type draft struct {
	l       *layout
	zone    zone
	repairs []Repair
}

// byAlphabet reads letters among digits as digits and digits among letters as letters, where the
// field then holds, and its check digit too.
func (d *draft) byAlphabet() {
	for i := range d.l.elements {
		e := &d.l.elements[i]
		var f Field
		if e.assess(&d.zone, &f); f.Valid {
			continue
		}
		where := span{f.Line, f.Start, f.End} // of two names in one place, the part that is this one
		try := d.zone.with(where, respell(e.kind, d.zone.text(where)))
		if d.proves(&try, e) {
			d.accept(try, e, where, "alphabet")
		}
	}
}

// proves reports whether e holds in try, together with the check digit that guards it, which may
// itself have to be read as a digit. Names and codes have no check digit: their alphabet is the proof.
func (d *draft) proves(try *zone, e *element) bool {
	if !e.holds(try) {
		return false
	}
	guard := d.l.guard(e)
	if e.kind != numeric || guard == nil {
		return true
	}
	respelled := try.with(guard.at, respell(check, try.text(guard.at)))
	return guard.holds(&respelled)
}

// byCheckDigit looks for the one character in a field of letters and digits that, read as its
// look-alike, makes all check digits hold. It must be the only one in the zone, and its check digit
// must cover nothing but its field: a digit holds by chance once in ten times, so that two characters
// at once, or one of several fields, would prove nothing.
func (d *draft) byCheckDigit() {
	var where *element
	ways := 0
	var fixed zone
	for i := range d.l.elements {
		e := &d.l.elements[i]
		guard := d.l.guard(e)
		if e.kind != mixed || guard == nil || !guard.blames(e) || guard.holds(&d.zone) {
			continue
		}
		text := d.zone.text(e.at)
		for at := range len(text) {
			try := d.zone.with(e.at, swap(text, at))
			if try.text(e.at) != text && d.l.checksHold(&try) {
				where, fixed = e, try
				ways++
			}
		}
	}
	if ways == 1 {
		d.accept(fixed, where, where.at, "check digit")
	}
}

// accept takes try as the new state, and notes what changed in the field e.
func (d *draft) accept(try zone, e *element, where span, proof string) {
	was, is := d.zone.text(where), try.text(where)
	for i := range len(was) {
		if was[i] != is[i] {
			d.repairs = append(d.repairs, Repair{e.name, where.line, where.start + i, was[i : i+1], is[i : i+1], proof})
		}
	}
	d.zone = try
}

// guard is the check digit that tells most directly whether e was read right.
func (l *layout) guard(e *element) *element {
	var composite *element
	for i := range l.elements {
		switch g := &l.elements[i]; {
		case g.kind != check || g == e:
		case g.name == e.name+"_check_digit":
			return g
		case g.name == "composite_check_digit" && g.covers(e):
			composite = g
		}
	}
	return composite
}

func (e *element) covers(other *element) bool {
	for _, s := range e.over {
		if s.line == other.at.line && s.start <= other.at.start && other.at.end <= s.end {
			return true
		}
	}
	return false
}

// blames reports whether a wrong check digit g speaks against e alone. The composite one does for an
// optional field, since byCheckDigit wants all the others to hold.
func (g *element) blames(e *element) bool {
	return g.over[0] == e.at || g.name == "composite_check_digit" && strings.HasPrefix(e.name, "optional")
}

func (l *layout) checksHold(z *zone) bool {
	for i := range l.elements {
		if e := &l.elements[i]; e.kind == check && !e.holds(z) {
			return false
		}
	}
	return true
}

func (e *element) holds(z *zone) bool {
	var f Field
	e.assess(z, &f)
	return f.Valid
}

// with is z with other characters in one place.
func (z *zone) with(s span, text string) zone {
	lines := append([]string(nil), z.lines...)
	lines[s.line] = lines[s.line][:s.start] + text + lines[s.line][s.end:]
	return zone{lines: lines}
}

func respell(k kind, text string) string {
	var as map[byte]byte
	switch k {
	case alpha, naming:
		as = asLetter
	case numeric, check:
		as = asDigit
	default:
		return text
	}
	return mapBytes(text, as)
}

func mapBytes(text string, as map[byte]byte) string {
	b := []byte(text)
	for i, c := range b {
		if other, ok := as[c]; ok {
			b[i] = other
		}
	}
	return string(b)
}

// swap reads the character at place as its look-alike, if it has one.
func swap(text string, place int) string {
	const pairs = "0O1I2Z5S6G8B"
	at := strings.IndexByte(pairs, text[place])
	if at < 0 {
		return text
	}
	return text[:place] + pairs[at^1:at^1+1] + text[place+1:]
}
