package mrz

// Spellings of national characters in the zone, by 9303-3 section 6. Where ICAO leaves a choice, or
// makes it depend on the language, the first spelling is the one that [Transliterate] uses and the
// others count as equal when names are compared. A letter that is not listed is written as the Latin
// letter that it is a form of: É as E.
var spellings = map[rune][]string{
	// A. Latin: only what is not the plain letter without its mark.
	'Ä': {"AE", "A"}, 'Å': {"AA", "A"}, 'Æ': {"AE"}, 'Ð': {"D"}, 'Ñ': {"N", "NXX"}, 'Ö': {"OE", "O"},
	'Ø': {"OE"}, 'Ü': {"UE", "UXX", "U"}, 'Þ': {"TH"}, 'Đ': {"D"}, 'Ħ': {"H"}, 'Ĳ': {"IJ"},
	'Ŀ': {"L"}, 'Ł': {"L"}, 'Ŋ': {"N"}, 'Œ': {"OE"}, 'Ŧ': {"T"}, 'ẞ': {"SS"}, 'ß': {"SS"},

	'Ə': {"A", "E"}, // Azerbaijani; ICAO has no rule, its passports write A

	// B. Cyrillic. The soft sign is not written.
	'Ё': {"E", "IO"}, 'Ђ': {"D"}, 'Є': {"IE", "YE"}, 'Ѕ': {"DZ"}, 'І': {"I"}, 'Ї': {"I", "YI"},
	'Ј': {"J"}, 'Љ': {"LJ"}, 'Њ': {"NJ"}, 'Ћ': {"C"}, 'Ќ': {"K", "KJ"}, 'Ѓ': {"G", "GJ"}, 'Ў': {"U"}, 'Џ': {"DZ", "DJ"},
	'А': {"A"}, 'Б': {"B"}, 'В': {"V"}, 'Г': {"G", "H"}, 'Д': {"D"}, 'Е': {"E"}, 'Ж': {"ZH", "Z"},
	'З': {"Z"}, 'И': {"I", "Y"}, 'Й': {"I", "Y"}, 'К': {"K"}, 'Л': {"L"}, 'М': {"M"}, 'Н': {"N"},
	'О': {"O"}, 'П': {"P"}, 'Р': {"R"}, 'С': {"S"}, 'Т': {"T"}, 'У': {"U"}, 'Ф': {"F"},
	'Х': {"KH", "H"}, 'Ц': {"TS", "C"}, 'Ч': {"CH", "C"}, 'Ш': {"SH", "S"}, 'Щ': {"SHCH", "SHT"},
	'Ъ': {"IE"}, 'Ы': {"Y"}, 'Ь': {""}, 'Э': {"E"}, 'Ю': {"IU", "YU"}, 'Я': {"IA", "YA"},
	'Ѫ': {"U"}, 'Ѵ': {"Y"}, 'Ґ': {"G"}, 'Ғ': {"G", "GJ"}, 'Һ': {"C"},

	// C. Arabic. X marks a letter for which Latin has none of its own.
	'ء': {"XE"}, 'آ': {"XAA"}, 'أ': {"XAE"}, 'ؤ': {"U"}, 'إ': {"I"}, 'ئ': {"XI"}, 'ا': {"A"},
	'ب': {"B"}, tehMarbuta: {"XTA", "XAH"}, 'ت': {"T"}, 'ث': {"XTH"}, 'ج': {"J"}, 'ح': {"XH"}, 'خ': {"XKH"},
	'د': {"D"}, 'ذ': {"XDH"}, 'ر': {"R"}, 'ز': {"Z"}, 'س': {"S"}, 'ش': {"XSH"}, 'ص': {"XSS"},
	'ض': {"XDZ"}, 'ط': {"XTT"}, 'ظ': {"XZZ"}, 'ع': {"E"}, 'غ': {"G"}, 'ف': {"F"}, 'ق': {"Q"},
	'ك': {"K"}, 'ل': {"L"}, 'م': {"M"}, 'ن': {"N"}, 'ه': {"H"}, 'و': {"W"}, 'ى': {"XAY"}, 'ي': {"Y"},
	'\u0671': {"XXA"},                 // alef wasla
	'\u06A4': {"V"}, '\u06A5': {"XF"}, // in foreign names

	// C, other languages in Arabic script.
	'\u0679': {"XXT"}, '\u067C': {"XRT"}, '\u067E': {"P"}, '\u0681': {"XKE"}, '\u0685': {"XXH"},
	'\u0686': {"XC"}, '\u0688': {"XXD"}, '\u0689': {"XDR"}, '\u0691': {"XXR"}, '\u0693': {"XRR"},
	'\u0696': {"XRX"}, '\u0698': {"XJ"}, '\u069A': {"XXS"}, '\u06A9': {"XKK"}, '\u06AB': {"XXK"},
	'\u06AD': {"XNG"}, '\u06AF': {"XGG"}, '\u06BA': {"XNN"}, '\u06BC': {"XXN"}, '\u06BE': {"XDO"},
	'\u06C0': {"XYH"}, '\u06C1': {"XXG"}, '\u06C2': {"XGE"}, '\u06C3': {"XTG"},
	'\u06CC': {"XYA", "Y", "XAY"}, // Farsi yeh: the same letter as yeh, and looks like alef maksura
	'\u06CD': {"XXY"}, '\u06D0': {"Y"}, '\u06D2': {"XYB"}, '\u06D3': {"XBE"},

	// Letters that ICAO does not encode.
	'\u069C': {""}, '\u06A2': {""}, '\u06A7': {""}, '\u06A8': {""},
}

const (
	tehMarbuta = '\u0629' // XTA, but XAH at the end of a name component
	shadda     = '\u0651' // doubles the letter before it; often left out
	tatwheel   = '\u0640' // stretches a word on the page, is no letter
)
