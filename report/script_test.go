package report

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func testTypesetter(tb testing.TB) *typesetter {
	tb.Helper()
	lib, err := loadFonts()
	if err != nil {
		tb.Fatal(err)
	}
	return newTypesetter(lib)
}

func always(rune) bool { return true }

func TestJoinArabic(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"alone", "ب", "\uFE8F"},
		{"three join", "ببب", "\uFE91\uFE92\uFE90"},
		{"alef does not reach on", "باب", "\uFE91\uFE8E\uFE8F"},
		{"Muhammad", "محمد", "\uFEE3\uFEA4\uFEE4\uFEAA"},
		{"lam alef", "لا", "\uFEFB"},
		{"lam alef joined", "سلامة", "\uFEB3\uFEFC\uFEE3\uFE94"},
		{"lam and another letter", "الم", "\uFE8D\uFEDF\uFEE2"},
		{"marks between", "بَب", "\uFE91\u064E\uFE90"},
		{"hamza stands alone", "ماء", "\uFEE3\uFE8E\uFE80"},
		{"Persian", "گچ", "\uFB94\uFB7B"},
		{"non-joiner", "می\u200Cرود", "\uFEE3\uFBFD\uFEAD\uFEED\uFEA9"},
		{"digits end a word", "ب1ب", "\uFE8F1\uFE8F"},
		{"nothing to join", "Nino", "Nino"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(joinArabic([]rune(test.text), always)); got != test.want {
				t.Errorf("joinArabic(%q) = %+q, want %+q", test.text, got, test.want)
			}
		})
	}
	none := func(rune) bool { return false }
	if got := string(joinArabic([]rune("سلا"), none)); got != "سلا" {
		t.Errorf("in a font without the forms the letters stay: got %+q", got)
	}
}

// Hebrew keeps the expectations readable: it is right-to-left like Arabic, but nothing joins.
func TestVisualOrder(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"left to right", "abc (def)", "abc (def)"},
		{"right to left", "אבג", "גבא"},
		{"words", "אב גד", "דג בא"},
		{"brackets are mirrored", "אב (גד)", "(דג) בא"},
		{"number in right-to-left", "אב 123 גד", "דג 123 בא"},
		{"Latin in right-to-left", "אב xyz גד", "דג xyz בא"},
		{"word in left-to-right", "ab גדה cd", "ab הדג cd"},
		{"number behind a word", "ab גד 123 cd", "ab 123 דג cd"},
		{"decimal behind a word", "ab גד 12.5 cd", "ab 12.5 דג cd"},
		{"number before a word", "ab 123 גד cd", "ab 123 דג cd"},
		{"two words", "ab גד הו cd", "ab וה דג cd"},
		{"bracketed number", "ab גד (12) cd", "ab (12) דג cd"},
		{"bracketed Latin", "ab גד (xy) cd", "ab דג (xy) cd"},
		{"Arabic digits", "abc \u0661\u0662 גד", "abc דג \u0661\u0662"},
		{"marks stay on their letter", "בְּג", "גבְּ"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			runes := []rune(test.text)
			if got := string(visualOrder(runes, rightToLeft(runes))); got != test.want {
				t.Errorf("visualOrder(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}

func TestVisualOrderKeepsTheParagraph(t *testing.T) {
	if got := string(visualOrder([]rune("אב cd"), false)); got != "בא cd" {
		t.Errorf("a line of a left-to-right paragraph = %q", got)
	}
	if got := string(visualOrder([]rune("cd אב"), true)); got != "בא cd" {
		t.Errorf("a line of a right-to-left paragraph = %q", got)
	}
}

func TestTransliteration(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"Latin", "Łukasz Müller", "Łukasz Müller"},
		{"Georgian", "ნინო ბერიძე", "ნინო ბერიძე"},
		{"Cyrillic", "Їжакевич Ёлкин", "Їжакевич Ёлкин"},
		{"Armenian", "Արամ Խաչատրյան", "Արամ Խաչատրյան"},
		{"Greek", "Ελένη Παπαδοπούλου", "Ελένη Παπαδοπούλου"},
		{"Han", "王小明", "王小明"},
		{"kana", "やまだ タロウ", "やまだ タロウ"},
		{"Vietnamese", "Nguyễn Thị Ánh", "Nguyễn Thị Ánh"},
		{"Hangul", "홍길동", "⟨Honggildong⟩"},
		{"Hangul in two words", "홍 길동 ok", "⟨Hong Gildong⟩ ok"},
		{"Thai", "สมชาย", "⟨Smchaay⟩"},
		{"no reading", "a\U000E0FFFb", "a⟨U+E0FFF⟩b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ts := testTypesetter(t)
			runes, marked := ts.printable([]rune(norm.NFC.String(test.text)), regular)
			if got := string(runes); got != norm.NFC.String(test.want) {
				t.Errorf("printable(%q) = %q, want %q", test.text, got, test.want)
			}
			if want := strings.Contains(test.want, "⟨"); marked != want || (len(ts.latin.list) == 1) != want {
				t.Errorf("marked = %v, noted %d, want %v", marked, len(ts.latin.list), want)
			}
		})
	}
}

// FuzzLines: whatever comes in, every rune that is set is in its font, no line is wider than asked for
// unless it is a single character, and nothing of a plain text is lost.
func FuzzLines(f *testing.F) {
	for _, s := range []string{"", "a b", "محمد (1962)", "홍길동\n王", "a\u200Cb\u202E", "\xff\xfe", strings.Repeat("W", 300)} {
		f.Add(s, 60)
	}
	f.Fuzz(func(t *testing.T, text string, width int) {
		ts := testTypesetter(t)
		wide := float64(width%500) + 1
		lines := ts.lines(text, body, wide)
		if len(lines) == 0 {
			t.Fatal("no line")
		}
		for _, l := range lines {
			letters := 0
			for _, s := range l.spans {
				for _, r := range s.text {
					if index, err := ts.lib.parsed[s.face].CharCodeToGlyphIndex(r); err != nil || index == 0 {
						t.Errorf("%+q of %+q is not in its font", r, text)
					}
					if ts.glyph(body.face, r).width > 0 {
						letters++
					}
				}
			}
			if l.width > wide+0.01 && letters > 1 {
				t.Errorf("a line of %+q is %.1f wide, more than %.1f", text, l.width, wide)
			}
		}
	})
}

func TestWrapKeepsEveryWord(t *testing.T) {
	ts := testTypesetter(t)
	text := strings.Repeat("Sphinx of black quartz, judge my vow; ", 40) + strings.Repeat("x", 500)
	var got []string
	for _, l := range ts.lines(text, body, 90) {
		for _, s := range l.spans {
			got = append(got, s.text)
		}
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if squeeze(strings.Join(got, "")) != squeeze(text) {
		t.Error("wrapping lost or changed text")
	}
	if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "xxx") }) {
		t.Error("a word wider than the line is not broken")
	}
}

func TestClean(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"controls", "a\x00b\x1b[31mc", "ab[31mc"},
		{"bidi overrides", "invoice\u202Efdp.exe", "invoicefdp.exe"},
		{"line ends", "a\r\nb\rc\u2028d", "a\nb\nc\nd"},
		{"spaces", "a\tb\u00A0c\u3000d", "a b c d"},
		{"composed", "e\u0301", "é"},
		{"broken UTF-8", "a\xffb", "a\uFFFDb"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := clean(test.text); got != test.want {
				t.Errorf("clean(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
	if got := clean(strings.Repeat("x", maxRunes+7)); !strings.HasSuffix(got, "x… (7 characters more)") {
		t.Errorf("a novel is cut without a word: …%q", got[len(got)-40:])
	}
}
