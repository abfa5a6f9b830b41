package mrz

import (
	"strings"
	"testing"
)

func TestTransliterate(t *testing.T) {
	tests := []struct{ name, want string }{
		{"Müller", "MUELLER"}, {"Größe", "GROESSE"}, {"GROẞE", "GROSSE"}, {"Åse Ærø", "AASE<AEROE"},
		{"Muñoz", "MUNOZ"}, {"Þórður", "THORDUR"}, {"Łukasz Żółć", "LUKASZ<ZOLC"}, {"İbrahim Işık", "IBRAHIM<ISIK"},
		{"Đoković", "DOKOVIC"}, {"Nguyễn Thị Ơn", "NGUYEN<THI<ON"}, {"Ștefan Țepeș", "STEFAN<TEPES"}, {"Ĳsbrand", "IJSBRAND"},
		{"Mu\u0308ller", "MUELLER"}, // decomposed
		{"D'Artagnan", "DARTAGNAN"}, {"O’Connor", "OCONNOR"}, {"Marie-Élise", "MARIE<ELISE"}, {"ANNA, MARIA", "ANNA<MARIA"},
		{" J. R.  Smith ", "J<R<SMITH"}, {"AB<12", "AB<12"}, {"", ""}, {"’-", ""},

		{"ГАЛКИН", "GALKIN"}, {"Щербаков", "SHCHERBAKOV"}, {"Юрий Ёлкин", "IURII<ELKIN"}, {"Ольга Подъячева", "OLGA<PODIEIACHEVA"},
		{"Ђорђевић", "DORDEVIC"}, {"Њ", "NJ"},

		// 9303-3 appendix B.5.7, and the examples of the shadda.
		{"ابو بكر محمد بن زكريا الرازي", "ABW<BKR<MXHMD<BN<ZKRYA<ALRAZY"},
		{"عبّاس", "EBBAS"}, {"فضّة", "FXDZDZXAH"}, {"فاطمة", "FAXTTMXAH"}, {"محـمد", "MXHMD"}, {"ﻋﺒﺎﺱ", "EBAS"},
		{"ثناء ة بن", "XTHNAXE<XAH<BN"}, {"قائد", "QAXID"}, {"پژمان", "PXJMAN"},

		{"ერიქსონი Anna", "ANNA"}, // no rule for Georgian
	}
	for _, tt := range tests {
		if got := Transliterate(tt.name); got != tt.want {
			t.Errorf("Transliterate(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestLatinTable is table A of 9303-3 section 6 where it names one spelling only.
func TestLatinTable(t *testing.T) {
	table := map[string]string{
		"ÀÁÂÃĀĂĄ": "A", "ÇĆĈĊČ": "C", "ÐĎĐ": "D", "ÈÉÊËĒĔĖĘĚ": "E", "ĜĞĠĢ": "G", "ĤĦ": "H",
		"ÌÍÎÏĨĪĬĮİı": "I", "Ĵ": "J", "Ķ": "K", "ĹĻĽĿŁ": "L", "ŃŅŇŊ": "N", "ÒÓÔÕŌŎŐ": "O", "ŔŖŘ": "R", "ŚŜŞŠ": "S",
		"ŢŤŦ": "T", "ÙÚÛŨŪŬŮŰŲ": "U", "Ŵ": "W", "ÝŶŸ": "Y", "ŹŻŽ": "Z",
		"Æ": "AE", "Œ": "OE", "Ø": "OE", "Þ": "TH", "Ĳ": "IJ", "ẞ": "SS",
	}
	for letters, want := range table {
		for _, c := range letters {
			if got := Transliterate(string(c)); got != want {
				t.Errorf("%c: %q, want %q", c, got, want)
			}
			if got := Transliterate(strings.ToLower(string(c))); got != want {
				t.Errorf("small %c: %q, want %q", c, got, want)
			}
		}
	}
}

func TestNameDistance(t *testing.T) {
	tests := []struct {
		visual, zone string
		want         int
	}{
		{"Müller", "MUELLER", 0}, {"Müller", "MULLER", 0}, {"Müller", "MUXXLLER", 0}, {"Müller", "MILLER", 1},
		{"Muñoz Åse", "MUNXXOZ<AASE", 0}, {"Muñoz Åse", "MUNOZ ASE", 0}, {"Møller", "MOELLER", 0},
		{"ГАЛКИН", "GALKIN", 0}, {"Сергій", "SERHII", 0}, {"Сергий", "SERGII", 0}, {"Юлия", "YULIYA", 0}, {"Галкин", "GALKINA", 1},
		{"محمد", "MXHMD", 0}, {"عبّاس", "EBAS", 0}, {"عبّاس", "EBBAS", 0}, {"فاطمة", "FAXTTMXTA", 0},
		{"Anna Maria", "ANNA<MARIA<<<<", 0}, {"Anna-Maria", "ANNA MARIA", 0}, {"Annamaria", "ANNA MARIA", 1},
		{"O'Connor", "OCONNOR", 0}, {"O'Connor", "O CONNOR", 1},
		{"", "", 0}, {"", "ANNA", 4}, {"Anna", "", 4}, {"გ", "", 1}, {"გ", "G", 1},
	}
	for _, tt := range tests {
		if got := NameDistance(tt.visual, tt.zone); got != tt.want {
			t.Errorf("NameDistance(%q, %q) = %d, want %d", tt.visual, tt.zone, got, tt.want)
		}
		if SameName(tt.visual, tt.zone) != (tt.want == 0) {
			t.Errorf("SameName(%q, %q)", tt.visual, tt.zone)
		}
	}
}

func TestNumberDistance(t *testing.T) {
	tests := []struct {
		visual, zone string
		want         int
	}{
		{"L 898-902 c3", "L898902C3", 0}, {"L898902C3", "L898902C<3<<", 0}, {"L898902C3", "L8989O2C3", 1}, {"12", "123456", 4},
	}
	for _, tt := range tests {
		if got := NumberDistance(tt.visual, tt.zone); got != tt.want {
			t.Errorf("NumberDistance(%q, %q) = %d, want %d", tt.visual, tt.zone, got, tt.want)
		}
	}
}

func TestState(t *testing.T) {
	for _, code := range strings.Fields(`D DEU GBD GBN GBO GBP GBR GBS RKS EUE UNO UNA UNK
		XBA XIM XCC XCE XCO XEC XPO XES XMP XOM XDC XXA XXB XXC XXX ANT NTZ UTO XCT XXK SUN YUG CSK DDR SCG ROM ZAR TMP`) {
		if name, ok := State(code); !ok || name == "" {
			t.Errorf("%s is not known", code)
		}
	}
	for _, code := range []string{"", "DE", "XYZ", "YTO", "IAO", "utO", "ZZZ"} {
		if name, ok := State(code); ok {
			t.Errorf("%q is %s", code, name)
		}
	}
	if n := len(countries); n != 249 {
		t.Errorf("%d countries, ISO 3166-1 has 249", n)
	}
}
