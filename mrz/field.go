package mrz

// A Field is one data element of a zone, assessed.
type Field struct {
	Label string `json:"label"` // "Birth date check digit"
	Name  string `json:"name"`  // "birth_date_check_digit"

	Line  int `json:"line"` // from 0
	Start int `json:"start"`
	End   int `json:"end"` // exclusive

	Raw   string `json:"raw"`   // all characters of the field, as printed
	Value string `json:"value"` // without filler; an inner filler is a space

	Valid bool   `json:"valid"`
	Error string `json:"error,omitempty"` // what was found, and what must be

	// Suggestion is what to read instead, where a check digit or the alphabet of the field proves
	// it, and for a check digit at least the digit that the data ask for.
	Suggestion string `json:"suggestion,omitempty"`
}

// fail notes what is wrong with f. The first thing wrong with a field is the one reported.
func (f *Field) fail(message string) {
	f.Valid, f.Error = false, message
}

// narrow lets the position cover only the value, n characters from offset on.
func (f *Field) narrow(offset, n int) {
	f.Start += offset
	f.End = f.Start + n
}

// assess reads the element e out of z into the empty field f, and applies its rule.
func (e *element) assess(z *zone, f *Field) {
	f.Label, f.Name = e.label, e.name
	f.Line, f.Start, f.End = e.at.line, e.at.start, e.at.end
	f.Raw = z.text(e.at)
	if e.kind != naming {
		f.Value = clean(f.Raw)
	}
	f.Valid = true
	e.rule(z, e, f)
}

// clean takes the filler away: at the end it goes, elsewhere it becomes a space.
func clean(raw string) string {
	end := len(raw)
	for end > 0 && raw[end-1] == filler {
		end--
	}
	raw = raw[:end]
	for i := range len(raw) {
		if raw[i] == filler {
			return withSpaces(raw)
		}
	}
	return raw
}

func withSpaces(raw string) string {
	b := []byte(raw)
	for i, c := range b {
		if c == filler {
			b[i] = ' '
		}
	}
	return string(b)
}

// only reports whether text is made of nothing but capital letters, filler and, if asked for, digits.
func only(text string, withDigits bool) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; !isLetter(c) && c != filler && !(withDigits && isDigit(c)) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' }

func allDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}
