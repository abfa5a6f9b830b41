package index

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dossier/session"
)

func TestSpellings(t *testing.T) {
	tests := []struct{ word, want string }{
		{"SMITH", "smith"},
		{"Łódź", "lodz"},
		{"Müller", "muller mueller"},
		{"Groß", "gross"},
		{"STRAẞE", "strasse"},
		{"Işıl", "isil"},
		{"İpek", "ipek"},
		{"Ångström", "angstrom aangstroem"},
		{"Þorsteinn", "thorsteinn"},
		{"Əliyev", "eliyev"},
		{"Юрий", "юрии iurii yuriy"},
		{"Ёлкин", "елкин iolkin yolkin"},
		{"ქეთევან", "ქეთევან ketevan"},
		{"ღვინო", "ღვინო gvino ghvino"},
		{"Χρήστος", "χρηστοσ khrestos christos"},
		{"Παπαδόπουλου", "παπαδοπουλου papadopoulou"},
		{"Գրիգորյան", "գրիգորյան grigoryan"},
		{"王伟", "王伟 wangwei"},
		{"مُحَمَّد", "محمد"},
		{"فاطمة", "فاطمه"},
		{"שָׁלוֹם", "שלומ"},
		{"٠١٢۳", "0123"},
		{"ＡＢ１２", "ab12"},
		{"ﬁn", "fin"},
		{strings.Repeat("a", 40), strings.Repeat("a", maxWord)},
		{"\u0301", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(spellings(tt.word), " "); got != tt.want {
			t.Errorf("spellings(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	tests := []struct{ value, want string }{
		{"Anna", "Anna"},
		{"O'Brien", "O|Brien|OBrien"},
		{"van den Berg", "van|den|Berg|vandenBerg"},
		{"Jean-Luc  Picard", "Jean|Luc|JeanLuc|Picard|JeanLucPicard"},
		{"AB 12-34", "AB|12|34|1234|AB1234"},
		{"so\u00adft\u200b", "so\u00adft\u200b"},
		{" -- ", ""},
		{"", ""},
	}
	for _, tt := range tests {
		var got []string
		words(tt.value, func(w string) { got = append(got, w) })
		if strings.Join(got, "|") != tt.want {
			t.Errorf("words(%q) = %q, want %q", tt.value, strings.Join(got, "|"), tt.want)
		}
	}
}

func TestEachTerm(t *testing.T) {
	tests := []struct{ word, want string }{
		{"a", "a a."},
		{"anna", "a an ann anna."},
		{"jürgen", "j jü jür jürge jürgen."},
		{"12345678", "1 12 123 12345 12345678 12345678."},
	}
	for _, tt := range tests {
		var got []string
		eachTerm(tt.word, func(term string) { got = append(got, term) })
		if strings.Join(got, " ") != tt.want {
			t.Errorf("terms of %q are %q, want %q", tt.word, got, tt.want)
		}
	}
}

// FuzzText: whatever is stored is found by typing it, and by typing any beginning of it; nothing that
// is typed goes beyond the bounds of a search.
func FuzzText(f *testing.F) {
	for _, s := range []string{"Anna", "O'Brien-Łuk", "AB 123 456", "ქეთევან Χρή", "01KB", "٣ ﷺ ½ ǅ", "\xff\x00", "王 小明", "ʻOʻ"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		c, err := compile(session.Query{Text: text})
		if err != nil {
			if session.CodeOf(err) != session.Invalid {
				t.Fatalf("compile: %v", err)
			}
			return
		}
		for _, g := range c.groups {
			if g.from < 0 || g.from >= g.to || g.to > c.tokens || len(g.forms) == 0 {
				t.Fatalf("group %+v of %d tokens", g, c.tokens)
			}
			for _, form := range g.forms {
				if !utf8.ValidString(form) || characters(form) > maxWord || strings.ContainsRune(form, wordEnd) {
					t.Fatalf("form %q", form)
				}
			}
		}
		if len(text) > maxValue {
			return
		}
		var forms []string
		words(text, func(w string) { forms = append(forms, spellings(w)...) })
		checkFinds(t, forms, text)
		if runes := []rune(text); len(runes) > 0 {
			checkFinds(t, forms, string(runes[:max(n%len(runes), 0)]))
		}
	})
}

func checkFinds(t *testing.T, forms []string, typed string) {
	t.Helper()
	c, err := compile(session.Query{Text: typed})
	if err != nil {
		return
	}
	for i := range c.tokens {
		at := slices.IndexFunc(c.groups, func(g group) bool { return g.from == i && g.to == i+1 })
		if at < 0 {
			t.Fatalf("%q: token %d is no group", typed, i)
		}
		if !slices.ContainsFunc(forms, func(w string) bool { return strings.HasPrefix(w, c.groups[at].forms[0]) }) {
			t.Fatalf("%q: token %q begins none of %q", typed, c.groups[at].forms, forms)
		}
	}
}

// FuzzNearly: a word is found by one asked for with an error as the distances between them say.
func FuzzNearly(f *testing.F) {
	for _, s := range [][2]string{
		{"smith", "smiht"}, {"smith", "smithson"}, {"anna", "nna"}, {"anna", "aanna"}, {"lee", "le"}, {"a", "b"},
		{"mississippi", "missisippi"}, {"щербак", "шербак"}, {"小明王", "小王明"}, {"𐐀𐐁𐐂𐐃", "𐐀𐐂𐐁𐐃"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, asked, word string) {
		asked, word = clip(fold(asked)), clip(fold(word))
		if asked == "" || word == "" {
			return
		}
		w := nearly(asked)
		var begun, whole bool
		eachTerm(word, func(term string) {
			s := w.Start()
			for i := range len(term) {
				s = w.Accept(s, term[i])
			}
			begun = begun || w.IsMatch(s)
			whole = whole || w.IsMatch(s) && w.whole(term)
		})
		d := distances([]rune(asked), []rune(word))
		if want := slices.Min(d) <= 1; begun != want {
			t.Errorf("%q for %q: a beginning is accepted: %v, want %v", asked, word, begun, want)
		}
		if want := d[len(d)-1] <= 1; whole != want {
			t.Errorf("%q for %q: the whole is accepted: %v, want %v", asked, word, whole, want)
		}
	})
}
