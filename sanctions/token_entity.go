package sanctions

// tokeniseEntity splits the name of an organisation, a ship or an aircraft. Letters with stops between
// them are one word; legal forms count little, as every table and translation writes them another way.
func tokeniseEntity(name string) []token {
	ws := joinLetters(words(name))
	if len(ws) > maxTokens {
		ws = ws[:maxTokens]
	}
	ts := make([]token, len(ws))
	named := false
	for i, w := range ws {
		ts[i] = newToken(w)
		switch {
		case w.text[0] <= '9':
			ts[i].kind = number
		case forms[w.text]:
			ts[i].kind = legalForm
		default:
			named = true
		}
	}
	for i := range ts { // a name of legal forms alone is a name
		if !named && ts[i].kind == legalForm {
			ts[i].kind = ordinary
		}
	}
	return ts
}

// joinLetters makes "abc" of "A.B.C.".
func joinLetters(ws []word) []word {
	var out []word
	for i, w := range ws {
		if last := len(out) - 1; i > 0 && len(w.text) == 1 && len(ws[i-1].text) == 1 && w.text[0] > '9' && ws[i-1].text[0] > '9' {
			out[last].text += w.text
			out[last].raw += "." + w.raw
			continue
		}
		out = append(out, w)
	}
	return out
}
