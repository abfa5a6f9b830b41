package specimen

import (
	"maps"
	"slices"
)

// A state is the look of an issuing state's documents. All looks, emblems included, are invented.
type state struct {
	name   string // in English, as printed
	local  string // in the state's own language, where the fonts have its script
	lang   string // of the labels beside the English ones; see labels
	band   rgb    // the colour of the band and the headings
	accent rgb    // of the second set of lines and the emblem
	emblem int
	waves  int // which pattern of lines
	city   string
}

var states = map[string]state{
	"ARG": {"Argentine Republic", "República Argentina", "es", hex(0x2c5f8a), hex(0xc79a3b), sunEmblem, 1, "Buenos Aires"},
	"ARM": {"Republic of Armenia", "Hayastani Hanrapetutyun", "fr", hex(0x7a2f3c), hex(0xc98a2e), mountainEmblem, 2, "Yerevan"},
	"AUT": {"Republic of Austria", "Republik Österreich", "de", hex(0x9a2a35), hex(0x6f7f93), shieldEmblem, 0, "Wien"},
	"BGR": {"Republic of Bulgaria", "Република България", "bg", hex(0x2e6a55), hex(0xa64a3c), shieldEmblem, 1, "София"},
	"BRA": {"Federative Republic of Brazil", "República Federativa do Brasil", "pt", hex(0x1f6b4a), hex(0xc7a22e), starEmblem, 2, "Brasília"},
	"CAN": {"Canada", "Canada", "fr", hex(0x8f2b33), hex(0x3f5f7f), treeEmblem, 0, "Ottawa"},
	"CHE": {"Swiss Confederation", "Schweizerische Eidgenossenschaft", "de", hex(0xa8323a), hex(0x7b8794), mountainEmblem, 1, "Bern"},
	"CZE": {"Czech Republic", "Česká republika", "cs", hex(0x37528c), hex(0xa33b45), shieldEmblem, 2, "Praha"},
	"D":   {"Federal Republic of Germany", "Bundesrepublik Deutschland", "de", hex(0x7d2b38), hex(0xb9913a), wingEmblem, 0, "Berlin"},
	"EGY": {"Arab Republic of Egypt", "", "fr", hex(0x2f5a4c), hex(0xb08a35), wingEmblem, 1, "Cairo"},
	"ESP": {"Kingdom of Spain", "Reino de España", "es", hex(0x8c2f39), hex(0xc59b37), shieldEmblem, 2, "Madrid"},
	"FRA": {"French Republic", "République française", "fr", hex(0x2f4f8f), hex(0xb14a52), treeEmblem, 0, "Paris"},
	"GBR": {"United Kingdom", "", "fr", hex(0x27406f), hex(0x9a3140), shieldEmblem, 1, "London"},
	"GEO": {"Georgia", "Sakartvelo", "fr", hex(0x8a2c3f), hex(0x8f8f95), shieldEmblem, 2, "Tbilisi"},
	"GRC": {"Hellenic Republic", "Ελληνική Δημοκρατία", "el", hex(0x2d5c97), hex(0x7fa3c7), waveEmblem, 0, "Αθήνα"},
	"IND": {"Republic of India", "", "fr", hex(0x2f4a7d), hex(0xc77f35), sunEmblem, 1, "New Delhi"},
	"IRN": {"Islamic Republic of Iran", "", "fr", hex(0x6f2b3b), hex(0x2f7a58), sunEmblem, 0, "Tehran"},
	"ITA": {"Italian Republic", "Repubblica Italiana", "it", hex(0x2f6a52), hex(0xa8464a), starEmblem, 2, "Roma"},
	"JPN": {"Japan", "", "fr", hex(0x8f2f3f), hex(0x6a6f8c), sunEmblem, 1, "Tokyo"},
	"KAZ": {"Republic of Kazakhstan", "Qazaqstan Respublikasy", "ru", hex(0x2a7f8f), hex(0xc9a53c), sunEmblem, 2, "Astana"},
	"KEN": {"Republic of Kenya", "Jamhuri ya Kenya", "fr", hex(0x2f5f45), hex(0x9a3a3f), mountainEmblem, 0, "Nairobi"},
	"KOR": {"Republic of Korea", "", "fr", hex(0x2c5a86), hex(0xa84550), waveEmblem, 1, "Seoul"},
	"LBN": {"Lebanese Republic", "", "fr", hex(0x8f3038), hex(0x35734f), treeEmblem, 2, "Beirut"},
	"MAR": {"Kingdom of Morocco", "", "fr", hex(0x2f6b4f), hex(0xa03a40), starEmblem, 0, "Rabat"},
	"MEX": {"United Mexican States", "Estados Unidos Mexicanos", "es", hex(0x2f6a4b), hex(0x9c3f43), wingEmblem, 1, "Ciudad de México"},
	"NGA": {"Federal Republic of Nigeria", "", "fr", hex(0x26704a), hex(0x7c8f52), treeEmblem, 2, "Abuja"},
	"NLD": {"Kingdom of the Netherlands", "Koninkrijk der Nederlanden", "nl", hex(0x8c3a3f), hex(0x3e6a9c), waveEmblem, 0, "Den Haag"},
	"PAK": {"Islamic Republic of Pakistan", "", "fr", hex(0x245c44), hex(0x9fae6a), starEmblem, 1, "Islamabad"},
	"PHL": {"Republic of the Philippines", "Republika ng Pilipinas", "es", hex(0x2f4f93), hex(0xc2443f), sunEmblem, 2, "Manila"},
	"POL": {"Republic of Poland", "Rzeczpospolita Polska", "pl", hex(0x8f2d3c), hex(0x8b93a3), wingEmblem, 0, "Warszawa"},
	"PRT": {"Portuguese Republic", "República Portuguesa", "pt", hex(0x7f2f3c), hex(0x3d7a58), waveEmblem, 1, "Lisboa"},
	"ROU": {"Romania", "România", "ro", hex(0x2f4a87), hex(0xc29a3a), wingEmblem, 2, "București"},
	"SRB": {"Republic of Serbia", "Република Србија", "sr", hex(0x8c2f3c), hex(0x35538c), shieldEmblem, 0, "Београд"},
	"SWE": {"Kingdom of Sweden", "Konungariket Sverige", "sv", hex(0x2b5f93), hex(0xc9a73e), waveEmblem, 1, "Stockholm"},
	"SYR": {"Syrian Arab Republic", "", "fr", hex(0x30624d), hex(0x8f8038), wingEmblem, 2, "Damascus"},
	"TUR": {"Republic of Türkiye", "Türkiye Cumhuriyeti", "tr", hex(0x97303b), hex(0x7c8a97), starEmblem, 0, "Ankara"},
	"UKR": {"Ukraine", "Україна", "uk", hex(0x2c5aa0), hex(0xcfa832), treeEmblem, 1, "Київ"},
	"USA": {"United States of America", "", "es", hex(0x2a3f73), hex(0xa23b45), starEmblem, 2, "Washington, D.C."},
	"UTO": {"Utopia", "Utopia", "fr", hex(0x3d5a80), hex(0x8f6fa8), waveEmblem, 2, "Zenith"},
	"VNM": {"Socialist Republic of Viet Nam", "", "fr", hex(0x97333a), hex(0xc7a136), starEmblem, 0, "Ha Noi"},
	"ZAF": {"Republic of South Africa", "Republiek van Suid-Afrika", "nl", hex(0x2f6a50), hex(0xb7863a), sunEmblem, 1, "Pretoria"},
}

// stateOf returns the look of a state, or that of Utopia where a state has none.
func stateOf(code string) state {
	if s, ok := states[code]; ok {
		return s
	}
	return states["UTO"]
}

// States lists the issuing states whose documents have a look of their own, by their ICAO codes.
func States() []string { return slices.Sorted(maps.Keys(states)) }

// Field labels, in the order of the columns of labels.
const (
	surname = iota
	givenNames
	nationality
	birthDate
	sex
	birthPlace
	issueDate
	expiryDate
	authority
	personalNumber
	documentNumber
	signature
	passportTitle
	cardTitle
	permitTitle
	licenceTitle
)

var english = labels["en"]

// labels are the words on the documents, a column each, by language.
var labels = map[string][16]string{
	"en": {"Surname", "Given names", "Nationality", "Date of birth", "Sex", "Place of birth", "Date of issue", "Date of expiry", "Authority", "Personal no.", "Document no.", "Signature", "Passport", "Identity card", "Residence permit", "Driving licence"},
	"bg": {"Фамилия", "Имена", "Гражданство", "Дата на раждане", "Пол", "Място на раждане", "Дата на издаване", "Валиден до", "Издаден от", "ЕГН", "№ на документа", "Подпис", "Паспорт", "Лична карта", "Разрешение за пребиваване", "Свидетелство"},
	"cs": {"Příjmení", "Jméno", "Státní občanství", "Datum narození", "Pohlaví", "Místo narození", "Datum vydání", "Platnost do", "Vydal", "Osobní číslo", "Číslo dokladu", "Podpis", "Cestovní pas", "Občanský průkaz", "Povolení k pobytu", "Řidičský průkaz"},
	"de": {"Name", "Vornamen", "Staatsangehörigkeit", "Geburtsdatum", "Geschlecht", "Geburtsort", "Ausstellungsdatum", "Gültig bis", "Behörde", "Personennummer", "Nummer", "Unterschrift", "Reisepass", "Personalausweis", "Aufenthaltstitel", "Führerschein"},
	"el": {"Επώνυμο", "Όνομα", "Ιθαγένεια", "Ημ. γέννησης", "Φύλο", "Τόπος γέννησης", "Ημ. έκδοσης", "Ημ. λήξης", "Αρχή", "Προσ. αριθμός", "Αριθμός", "Υπογραφή", "Διαβατήριο", "Δελτίο ταυτότητας", "Άδεια διαμονής", "Άδεια οδήγησης"},
	"es": {"Apellidos", "Nombres", "Nacionalidad", "Fecha de nacimiento", "Sexo", "Lugar de nacimiento", "Fecha de expedición", "Válido hasta", "Autoridad", "Núm. personal", "Núm. documento", "Firma", "Pasaporte", "Documento de identidad", "Permiso de residencia", "Permiso de conducción"},
	"fr": {"Nom", "Prénoms", "Nationalité", "Date de naissance", "Sexe", "Lieu de naissance", "Date de délivrance", "Date d'expiration", "Autorité", "N° personnel", "N° du document", "Signature", "Passeport", "Carte d'identité", "Titre de séjour", "Permis de conduire"},
	"it": {"Cognome", "Nomi", "Cittadinanza", "Data di nascita", "Sesso", "Luogo di nascita", "Data di rilascio", "Data di scadenza", "Autorità", "Codice personale", "Numero", "Firma", "Passaporto", "Carta d'identità", "Permesso di soggiorno", "Patente di guida"},
	"nl": {"Naam", "Voornamen", "Nationaliteit", "Geboortedatum", "Geslacht", "Geboorteplaats", "Datum van afgifte", "Geldig tot", "Autoriteit", "Persoonlijk nr.", "Documentnummer", "Handtekening", "Paspoort", "Identiteitskaart", "Verblijfstitel", "Rijbewijs"},
	"pl": {"Nazwisko", "Imiona", "Obywatelstwo", "Data urodzenia", "Płeć", "Miejsce urodzenia", "Data wydania", "Data ważności", "Organ", "Numer osobowy", "Numer", "Podpis", "Paszport", "Dowód osobisty", "Karta pobytu", "Prawo jazdy"},
	"pt": {"Apelido", "Nomes próprios", "Nacionalidade", "Data de nascimento", "Sexo", "Local de nascimento", "Data de emissão", "Válido até", "Autoridade", "N° pessoal", "N° do documento", "Assinatura", "Passaporte", "Carteira de identidade", "Título de residência", "Carta de condução"},
	"ro": {"Nume", "Prenume", "Cetățenie", "Data nașterii", "Sex", "Locul nașterii", "Data emiterii", "Data expirării", "Autoritate", "Cod personal", "Nr. document", "Semnătura", "Pașaport", "Carte de identitate", "Permis de ședere", "Permis de conducere"},
	"ru": {"Фамилия", "Имя", "Гражданство", "Дата рождения", "Пол", "Место рождения", "Дата выдачи", "Срок действия", "Орган", "Личный номер", "Номер", "Подпись", "Паспорт", "Удостоверение личности", "Вид на жительство", "Водительское удостоверение"},
	"sr": {"Презиме", "Име", "Држављанство", "Датум рођења", "Пол", "Место рођења", "Датум издавања", "Важи до", "Издаје", "Лични број", "Број", "Потпис", "Пасош", "Лична карта", "Дозвола боравка", "Возачка дозвола"},
	"sv": {"Efternamn", "Förnamn", "Medborgarskap", "Födelsedatum", "Kön", "Födelseort", "Utfärdad", "Giltig till", "Myndighet", "Personnummer", "Nummer", "Namnteckning", "Pass", "Identitetskort", "Uppehållstillstånd", "Körkort"},
	"tr": {"Soyadı", "Adı", "Uyruğu", "Doğum tarihi", "Cinsiyeti", "Doğum yeri", "Düzenleme tarihi", "Son geçerlilik", "Makam", "Kimlik no.", "Belge no.", "İmza", "Pasaport", "Kimlik kartı", "İkamet izni", "Sürücü belgesi"},
	"uk": {"Прізвище", "Ім'я", "Громадянство", "Дата народження", "Стать", "Місце народження", "Дата видачі", "Дійсний до", "Орган", "Запис №", "Документ №", "Підпис", "Паспорт", "Посвідчення особи", "Посвідка на проживання", "Посвідчення водія"},
}
