package mrz

// An Error is what is wrong with one field of a zone.
type Error struct {
	Category   string `json:"category"` // "Birth date check digit"
	Error      string `json:"error"`    // "invalid check digit: 8. Must be 7"
	Field      string `json:"field"`    // "birth_date_check_digit"
	Line       int    `json:"line"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Suggestion string `json:"suggestion,omitempty"`
}
