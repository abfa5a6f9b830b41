package sanctions

import "strings"

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// sameWord gives the words between names one spelling.
var sameWord = map[string]string{
	"ibn": "bin", "ben": "bin", "bn": "bin", "been": "bin", "ould": "bin", "wuld": "bin", "wald": "bin", "oulad": "bin",
	"binti": "bint", "binte": "bint", "mint": "bint",
	"abou": "abu", "aboo": "abu", "abi": "abu", "abo": "abu", "oum": "umm", "um": "umm", "omm": "umm",
	"allahi": "allah",
}

// particles carry little of a name, and are often left out. Sources: ICAO 9303-3, the name guides that
// banks and registries publish, and the lists themselves.
var particles = set(`al bin bint de la le las los del della delle di da do dos das du des der den dem van von
	vom zu zum zur ter ten te af av y e i and of the na wa wal o san st ste mac mc`)

// endings are particles that are names where nothing follows them: the Chinese, Korean and Vietnamese Zu, La, San.
var endings = set(`la di da do le lo na san te zu`)

// standingDin holds al-Din as it is written apart from the name that it ends: Salah Eddine.
var standingDin = set(`eddine eddin eddeen uddin uddeen aldin eldin eldine`)

// titles stand before or after names and are no part of them; a list that keeps them apart has them in
// Name.Title. Some are names as well, so they count little instead of nothing.
var titles = set(`llc ltd inc gmbh plc corp mr mrs ms dr prof professor sir lord rev sheikh shaikh shaykh sheik cheikh shaikhu sheykh haji hajji haj hajj
	hadji hadj alhaj alhaji hajah hajia mullah mulla mawlawi maulvi mawlana maulana moulavi mufti qazi ayatollah
	ustad ustaz ustadh sayyid sayed syed saiyid seyed seyyed sayyed president prasident minister premier
	chancellor ambassador gen colonel col lieutenant lt maj captain capt commander cmdr admiral sergeant brigadier
	monsieur mme madame mlle herr frau senor senora sr sra dona signor signora dato datuk datin eng engineer ing
	arch adv advocate comrade alias aka nee geb`)

// suffixes say which of several of one name is meant.
var suffixes = set(`jr sr junior senior ii iii iv vi vii viii filho neto fils`)

// forms are legal forms and the words that stand for them.
var forms = set(`ltd limited llc llp lp inc incorporated corp corporation co company plc gmbh ag kg ohg ev se sa sas sarl srl
	spa bv nv ab as asa oy oyj aps kft zrt rt doo dd ad ood eood sro sp zoo ooo oao zao pao ao jsc ojsc cjsc pjsc tov
	too llp pte pty pvt private public joint stock open closed liability sal sae psc fze fzc fzco wll bsc ltda eirl de cv
	kk gk yk bhd sdn tbk pt cv ano nko fgup gup mup fze est establishment aktiengesellschaft gesellschaft gmbh kommanditgesellschaft aktiebolag societatea societe anonyme sociedad anonima
	cu raspundere limitata mit beschrankter haftung joint stock compan the and of for und et von mv mt ms ss`)
