package server

import (
	"strings"
	"testing"
	"time"

	"dossier/mrz"
	"dossier/session"
)

func TestStretches(t *testing.T) {
	a := mrz.Error{Category: "a", Line: 0, Start: 2, End: 4}
	b := mrz.Error{Category: "b", Line: 0, Start: 3, End: 6}
	beyond := mrz.Error{Category: "c", Line: 0, Start: -1, End: 99}
	other := mrz.Error{Category: "d", Line: 1, Start: 0, End: 1}
	tests := []struct {
		name   string
		line   string
		faults []mrz.Error
		want   string
	}{
		{"no fault", "ABCDEF", nil, "ABCDEF"},
		{"one", "ABCDEF", []mrz.Error{a}, "AB|CD:a|EF"},
		{"overlapping", "ABCDEF", []mrz.Error{a, b}, "AB|C:a|D:ab|EF:b"},
		{"another line's", "ABCDEF", []mrz.Error{other}, "ABCDEF"},
		{"beyond the line", "ABC", []mrz.Error{beyond}, "ABC:c"},
		{"characters, not bytes", "ÄÖÜDEF", []mrz.Error{a}, "ÄÖ|ÜD:a|EF"},
		{"empty line", "", []mrz.Error{a}, ""},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range stretches([]rune(tt.line), 0, tt.faults) {
			text := s.Text
			for i, f := range s.Faults {
				text += map[bool]string{true: ":"}[i == 0] + f.Category
			}
			got = append(got, text)
		}
		if joined := strings.Join(got, "|"); joined != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, joined, tt.want)
		}
	}
}

func TestFaceMatch(t *testing.T) {
	level := func(n int) *int { return &n }
	sure := 87.5
	tests := []struct {
		checks session.Checks
		want   fact
	}{
		{session.Checks{}, fact{Label: "Face Match Score", Value: "Not performed", Tone: "none"}},
		{session.Checks{FaceMatchLevel: level(5)}, fact{Label: "Face Match Score", Value: "5", Note: "FAR 1/10,000"}},
		{session.Checks{FaceMatchLevel: level(0)}, fact{Label: "Face Match Score", Value: "0", Note: "no match", Tone: "bad"}},
		{session.Checks{MatchConfidence: &sure}, fact{Label: "Face Match Score", Value: "87.5 %", Note: "match confidence, 2D"}},
		{session.Checks{FaceMatchLevel: level(7), MatchConfidence: &sure}, fact{Label: "Face Match Score", Value: "7", Note: "FAR 1/500,000 · confidence 87.5 %"}},
	}
	for _, tt := range tests {
		if got := faceMatch(tt.checks); got != tt.want {
			t.Errorf("%+v, want %+v", got, tt.want)
		}
	}
}

func TestFormat(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s := &Server{o: Options{Now: func() time.Time { return now }, Zone: time.FixedZone("", 4*3600)}}
	for got, want := range map[string]string{
		number(0): "0", number(999): "999", number(1000): "1,000", number(1234567): "1,234,567", number(-1234): "-1,234",
		total(10000, true): "10,000+", size(100): "100 B", size(200 << 10): "200 KB", size(3 << 20): "3.0 MB",
		s.since(now.Add(-time.Second)): "just now", s.since(now.Add(-time.Minute)): "1 minute ago", s.since(now.Add(-47 * time.Hour)): "47 hours ago",
		s.since(now.Add(-100 * 24 * time.Hour)): "100 days ago", s.since(time.Time{}): "—", clip("ÄÖÜ", 2): "Ä…", clip("ÄÖ", 2): "ÄÖ",
		title("awaiting_action"): "Awaiting action", string(s.when(time.Time{})): "—",
		string(s.when(now)): `<time datetime="2026-11-23T12:00:00Z" title="2026-11-23 12:00:00 UTC">2026-11-23 16:00</time>`,
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What applicants typed and what members are called reaches the page as text, wherever the row has it.
func TestBodyEscapes(t *testing.T) {
	const evil, escaped = `"><script>x('&')</script>`, `&#34;&gt;&lt;script&gt;x(&#39;&amp;&#39;)&lt;/script&gt;`
	s := &Server{o: Options{Now: time.Now, Zone: time.UTC}, assets: map[string]asset{"icons.svg": {}}}
	got := session.Row{ID: session.NewID(time.Now()), Company: "acme", Reference: evil, Status: session.AwaitingAction, DecidedBy: evil, Extra: map[string]any{"e": evil}}
	got.Person.FirstName, got.Person.DocumentNumber, got.Person.PersonalNumber, got.Person.Sex, got.Person.Nationality = evil, evil, evil, evil, evil
	got.Person.BirthDate, got.Person.ExpirationDate, got.Activity.ClientIP = evil, evil, evil
	got.Person.Local = &session.LocalName{LastName: evil}
	v := listView{frame: frame{s: s, who: &visitor{actor: session.Actor{May: []session.Permission{session.MayDecide}}}}, Rows: []session.Row{got},
		Columns: columns, Company: map[string]string{"acme": evil}, Claims: map[session.ID]session.Claim{got.ID: {Name: evil, Since: time.Now()}},
		names: func(string) string { return evil }, queue: queue{kind: awaitingList, filter: filter{Text: evil}, known: true}}
	v.Columns = append(v.Columns, extraColumns([]session.Company{{Slug: "acme", Settings: session.Settings{Extra: []session.ExtraField{{Key: "e", Label: evil, InLists: true}}}}}, "acme")...)
	body, err := v.Body()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(body), escaped); n != 17 || strings.Contains(string(body), "<script") {
		t.Errorf("%d places are escaped, want 17:\n%s", n, body)
	}
}
