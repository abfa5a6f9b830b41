package sanctions

import (
	"strings"
	"testing"
)

// A slip of the keyboard is less like a name than any name is, and names are not strange at all.
func TestStrangeness(t *testing.T) {
	w := NewIndex(invented()).weights
	of := func(name string) float32 { return w.strangeness(&tokenise(name)[0]) / float32(len(name)+1) }
	for _, known := range []string{"Oberlander", "Muhammad", "Carlos", "Seppo", "Олег"} {
		if got := of(known); got != 0 {
			t.Errorf("%s is strange by %v", known, got)
		}
	}
	for _, tt := range [][2]string{{"Marinello", "Mraixello"}, {"Halvorin", "Hlavqrin"}, {"Kovalenka", "Kvoalneka"}} {
		if name, slip := of(tt[0]), of(tt[1]); name == 0 || slip <= name {
			t.Errorf("%s is strange by %v, %s by %v", tt[0], name, tt[1], slip)
		}
	}
}

func TestNormalise(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Anna  SILVA-Costa", "anna silva costa"},
		{"accents", "José Ñúñez Müller Łukasz Øst", "jose nunez muller lukasz ost"},
		{"apostrophes", "MU’TASSIM O'Neil Sa`d", "mutassim oneil sad"},
		{"question mark of a bad conversion", "Mus?ab", "musab"},
		{"Turkish", "İbrahim Işık Erdoğan", "ibrahim isik erdogan"},
		{"Russian", "Сергей Викторович", "sergey viktorovich"},
		{"Ukrainian", "Олексій Їжакевич", "oleksiy yizhakevich"},
		{"Latin letter in a Cyrillic word", "Eвгений", "evgeniy"},
		{"Kazakh", "Қасым", "qasym"},
		{"Greek", "Αλέξης Μπάρμπας", "alexis barmpas"},
		{"Arabic, known names", "محمد عبد الرحمن", "muhammad abd al rahman"},
		{"Arabic, article", "السوداني", "al sudani"},
		{"Arabic, guessed vowels", "ظريفي", "zarifi"},
		{"Hebrew", "בנימין", "banimin"},
		{"Georgian", "ბარაკ", "barak"},
		{"Armenian", "Բարակ", "barak"},
		{"Devanagari", "नरेन्द्र मोदी", "narendr modi"},
		{"Bengali", "হাসিনা", "hasina"},
		{"Han", "习近平", "xi jin ping"},
		{"Hangul", "김정은", "kim jong un"},
		{"katakana", "バラク・オバマ", "baraku obama"},
		{"ampersand", "AT&T", "at and t"},
		{"nothing", " -- ,,", ""},
		{"not UTF-8", "Ann\xffa", "ann a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Normalise(tt.in); got != tt.want {
				t.Errorf("Normalise(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// FuzzNormalise: normalising twice changes nothing, only a-z, 0-9 and single spaces come out, and the
// result is not much longer than the name.
func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"Anna SILVA", "محمد", "김정은", "习近平", "Mus?ab L.X.C.", "नरेन्द्र", "\xff\xfe", "ﷺ", "AT&T", strings.Repeat("ﷺ", 500)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Normalise(s)
		if again := Normalise(got); again != got && len(got) <= maxNameBytes {
			t.Errorf("Normalise(%q) = %q, and again %q", s, got, again)
		}
		if len(got) > 8*len(s)+8 {
			t.Errorf("Normalise(%q) has %d bytes of %d", s, len(got), len(s))
		}
		if strings.Contains(got, "  ") || strings.Trim(got, "abcdefghijklmnopqrstuvwxyz0123456789 ") != "" {
			t.Errorf("Normalise(%q) = %q", s, got)
		}
	})
}

func TestSoundKey(t *testing.T) {
	for _, same := range [][]string{
		{"muhammad", "mohamed", "mohammed", "muhamad"},
		{"khalid", "khaled"},
		{"qadhafi", "gaddafi", "kadafi"},
		{"yusuf", "yousef", "youssouf"},
	} {
		want := soundKey(sounds(same[0]))
		for _, name := range same[1:] {
			if got := soundKey(sounds(name)); got != want {
				t.Errorf("soundKey of %s is %s, of %s %s", name, got, same[0], want)
			}
		}
	}
}

func TestTokenise(t *testing.T) {
	tests := []struct{ in, want string }{
		{"DOE, Anna Maria", "anna maria doe"},
		{"Ruben Pestano DOE, Jr", "ruben pestano doe jr"},
		{"Abd al-Rahman", "abdal rahman"},
		{"Abdurrahman", "abdur rahman"},
		{"Abdullah", "abdullah"},
		{"Abd Allah", "abdullah"},
		{"Saif al-Din", "saifuddin"},
		{"Habib Ullah", "habibullah"},
		{"Omar ibn Ben Yusuf", "omar bin bin yusuf"},
		{"Ben Netanyahu", "ben netanyahu"},
		{"ash-Shami", "al shami"},
	}
	for _, tt := range tests {
		var got []string
		for _, tok := range tokenise(tt.in) {
			got = append(got, tok.text)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("tokenise(%q) = %q, want %q", tt.in, s, tt.want)
		}
	}
}

func TestLostBlanks(t *testing.T) {
	for _, tt := range [][2]string{
		{"JuanPEREZ", "Juan PEREZ"},
		{"AnnaMaria Silva", "Anna Maria Silva"},
		{"OMARAL-TIKRITI", "OMAR AL-TIKRITI"},
		{"MacDonald", "Mac Donald"},
		{"McDonald", "McDonald"},
		{"Anna SILVA", "Anna SILVA"},
		{"YuriY", "YuriY"},
	} {
		if got := lostBlanks(tt[0]); got != tt[1] {
			t.Errorf("lostBlanks(%q) = %q, want %q", tt[0], got, tt[1])
		}
	}
}
