package sanctions

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestAbridged: what tells the target from others stays, and the entry says that it was cut.
func TestAbridged(t *testing.T) {
	small := Entry{List: Custom, ID: "X-1", Names: []Name{{Full: "Orlindo Brastemar", Kind: Primary}}, Remarks: "known", Programs: []string{"EXAMPLE"}}
	if got := small.Abridged(6 << 10); !reflect.DeepEqual(got, small) {
		t.Errorf("a small entry became %+v", got)
	}
	large := small
	large.Births = []Date{{From: Day{Year: 1970}, To: Day{Year: 1970}}}
	large.FormerIDs = []string{"X-0"}
	large.Programs = []string{strings.Repeat("p", 50_000), "EXAMPLE"}
	large.Remarks = strings.Repeat("é", 1<<20)
	large.SourceURL = "https://example.org/" + strings.Repeat("u", 9_000)
	for range 5_000 {
		large.Names = append(large.Names, Name{Full: "Somebody Else", Kind: Alias})
	}
	got := large.Abridged(6 << 10)
	text, err := json.Marshal(got)
	if err != nil || len(text) > 12<<10 {
		t.Errorf("%d bytes are left, %v", len(text), err)
	}
	if got.ID != "X-1" || got.Names[0] != small.Names[0] || len(got.Names) < 10 || !reflect.DeepEqual(got.Births, large.Births) ||
		!reflect.DeepEqual(got.FormerIDs, large.FormerIDs) || !strings.HasSuffix(got.Remarks, abridgedNote) || got.SourceURL != "" {
		t.Errorf("what is left: %.2000s", text)
	}
	large.Names[0].Full = strings.Repeat("Orlindo ", 100_000)
	if name := large.Abridged(6 << 10).Names[0]; len(name.Full) > maxNameBytes || name.Kind != Primary {
		t.Errorf("a name of %d bytes is left", len(name.Full))
	}
	hit := Hit{Name: large.Names[0].Full, Programs: large.Programs, Reasons: []Reason{{Entry: large.Names[0].Full, Text: large.Names[0].Full}}}
	if text, err := json.Marshal(hit.Abridged(large.Abridged(6 << 10))); err != nil || len(text) > 8<<10 {
		t.Errorf("the hit has %d bytes, %v", len(text), err)
	}
}
