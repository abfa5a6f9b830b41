package mrz

// An Error is a field that does not hold.
type Error struct {
	Category   string `json:"category"` // the field's label: "Birth date check digit"
	Error      string `json:"error"`    // "invalid check digit: 8. Must be 7"
	Field      string `json:"field"`    // the field's name: "birth_date_check_digit"
	Line       int    `json:"line"`     // from 0
	Start      int    `json:"start"`    // from 0
	End        int    `json:"end"`      // exclusive
	Suggestion string `json:"suggestion,omitempty"`
}

// A ShapeError says why a text is not a zone of any format that this package knows.
type ShapeError struct {
	Message string
	Lengths []int // characters in each line seen, at most the first ten lines
}

func (e *ShapeError) Error() string { return e.Message }
