package mrz

// Document codes. The letter after the first one is at the discretion of the issuing State, within
// the limits that each part of Doc 9303 sets.

func (f *Field) badCode(must string) {
	f.fail("invalid document code: " + f.Raw + ". " + must)
}

func (f *Field) codeBytes() (first, second byte) {
	first = f.Raw[0]
	if len(f.Raw) == 2 { // longer where the second is not ASCII, and then it is wrong in any case
		second = f.Raw[1]
	}
	return first, second
}

func codeTD3(_ *zone, _ *element, f *Field) {
	first, second := f.codeBytes()
	switch {
	case first != 'P':
		f.badCode("First character must be P")
	case second != filler && !isLetter(second):
		f.badCode("Second character must be a letter or <")
	default:
		f.narrow(0, len(f.Value))
	}
}

// codeTD1 allows AC, the crew member certificate (9303-5 appendix C), but not AI.
func codeTD1(_ *zone, _ *element, f *Field) { f.codeCard('I') }

// codeTD2 does not allow AC: the crew member certificate is a TD1 (9303-6 §4.2.2, note k).
func codeTD2(_ *zone, _ *element, f *Field) { f.codeCard('C') }

func (f *Field) codeCard(notAfterA byte) {
	first, second := f.codeBytes()
	switch {
	case first != 'A' && first != 'C' && first != 'I':
		f.badCode("First character must be A, C or I")
	case second == 'V':
		f.badCode("Second character may not be V")
	case first == 'A' && second == notAfterA:
		f.badCode("Second character may not be " + string(notAfterA) + " after A")
	default:
		f.codeSecond(second)
	}
}

func codeVisa(_ *zone, _ *element, f *Field) {
	_, second := f.codeBytes() // the V has led here
	f.codeSecond(second)
}

// codeSecond allows a digit too: the tables of parts 5 to 7 give the code note b, which part 4 does not.
func (f *Field) codeSecond(second byte) {
	if second != filler && !isLetter(second) && !isDigit(second) {
		f.badCode("Second character must be a letter, a digit or <")
		return
	}
	f.narrow(0, len(f.Value))
}

// codeFrenchLicense is a category: A1, A2, B1 and, on nearly every card, D1.
func codeFrenchLicense(_ *zone, _ *element, f *Field) {
	first, second := f.codeBytes()
	switch {
	case first != 'A' && first != 'B' && first != 'D':
		f.badCode("First character must be A, B, or D")
	case !isDigit(second):
		f.fail("invalid document code number: " + f.Raw + ". Second character must be a number")
	}
}

func codeSwissLicense(_ *zone, _ *element, f *Field) {
	if f.Raw != "FA" {
		f.badCode("Must be FA")
	}
}
