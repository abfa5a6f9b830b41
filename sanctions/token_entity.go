package sanctions

// tokeniseEntity splits the name of an organisation, a ship or an aircraft.
func tokeniseEntity(name string) []token {
	ws := words(name)
	if len(ws) > maxTokens {
		ws = ws[:maxTokens]
	}
	ts := make([]token, len(ws))
	for i, w := range ws {
		ts[i] = newToken(w)
		switch {
		case w.text[0] <= '9':
			ts[i].kind = number
		case forms[w.text]:
			ts[i].kind = legalForm
		}
	}
	return ts
}
