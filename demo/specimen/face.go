package specimen

import "math/rand/v2"

// A Face is what a generated portrait shows. The same Face gives the same person in every picture.
type Face struct {
	Skin    int     // 0 (light) to 9 (dark)
	Hair    int     // index of a hair colour, 0 (black) to 6 (grey)
	Style   int     // one of the hair styles
	Beard   int     // one of the beards
	Glasses int     // one of the glasses
	Clothes int     // one of the clothes
	Cloth   int     // index of a colour of the clothes
	Eyes    int     // index of an eye colour
	Age     float64 // 0 (twenty) to 1 (eighty)
	Female  bool

	Width, Jaw, Length, Brow, Nose, Mouth, Gap float64 // -1 to 1 around the usual
}

// Hair styles, beards, glasses and clothes of a [Face].
const (
	Bald = iota
	Buzz
	Short
	SidePart
	Quiff
	Curly
	Afro
	LongStraight
	LongWavy
	Bob
	Bun
	Ponytail
	Scarf
	Turban
	styles
)

const (
	Shaven = iota
	Stubble
	Moustache
	Goatee
	FullBeard
	beards
)

const (
	NoGlasses = iota
	RoundGlasses
	SquareGlasses
)

const (
	Tee = iota
	Shirt
	Suit
	Blouse
	Hoodie
	Collarless
	clothes
)

// Look describes a person as far as a face depends on it.
type Look struct {
	Female bool
	Age    int  // years
	Skin   int  // 0 to 9, the middle of the range the face is drawn from
	Dark   bool // dark hair and eyes
	Scarf  bool // may wear a head scarf
	Turban bool // may wear a turban
}

// NewFace invents a face for a look. Equal seeds give equal faces.
func NewFace(seed uint64, look Look) Face {
	r := rand.New(rand.NewPCG(seed, 0xface))
	f := Face{
		Skin: min(max(look.Skin+r.IntN(3)-1, 0), len(skins)-1), Female: look.Female,
		Age:   clamp((float64(look.Age)-20)/60, 0, 1),
		Cloth: r.IntN(len(cloths)), Clothes: r.IntN(clothes),
		Width: around(r), Jaw: around(r), Length: around(r), Brow: around(r),
		Nose: around(r), Mouth: around(r), Gap: around(r),
	}
	f.Hair, f.Eyes = r.IntN(2), r.IntN(3)
	if !look.Dark {
		f.Hair, f.Eyes = r.IntN(6), r.IntN(len(irises))
	}
	if f.Age > 0.45 && r.Float64() < f.Age*1.3 {
		f.Hair = len(hairs) - 1 - r.IntN(2)
	}
	if !look.Female && f.Clothes == Blouse {
		f.Clothes = Suit
	}
	f.Style, f.Beard = style(r, look, f), beard(r, look)
	if r.Float64() < 0.14+0.3*f.Age {
		f.Glasses = RoundGlasses + r.IntN(2)
	}
	return f
}

func around(r *rand.Rand) float64 { return r.Float64()*2 - 1 }

func style(r *rand.Rand, look Look, f Face) int {
	switch {
	case look.Female && look.Scarf && r.IntN(3) > 0:
		return Scarf
	case look.Female && look.Skin > 6:
		return pick(r, Afro, Bun, LongWavy, Bob, Curly)
	case look.Female:
		return pick(r, LongStraight, LongWavy, Bob, Bun, Ponytail, LongWavy)
	case look.Turban && r.IntN(2) > 0:
		return Turban
	case look.Skin > 6:
		return pick(r, Buzz, Buzz, Short, Afro, Bald)
	case f.Age > 0.4:
		return pick(r, Bald, Short, SidePart, Buzz)
	}
	return pick(r, Short, SidePart, Quiff, Curly, Buzz, Short)
}

func beard(r *rand.Rand, look Look) int {
	if look.Female || look.Age < 20 {
		return Shaven
	}
	return pick(r, Shaven, Shaven, Stubble, Moustache, Goatee, FullBeard)
}

func pick(r *rand.Rand, from ...int) int { return from[r.IntN(len(from))] }

var skins = []rgb{
	hex(0xf9dcc8), hex(0xf4cdb2), hex(0xecbd9c), hex(0xdfa985), hex(0xcf946d),
	hex(0xbb7f58), hex(0xa36a46), hex(0x875437), hex(0x6d4129), hex(0x56331f),
}

var hairs = []rgb{
	hex(0x1d1a1c), hex(0x2c211d), hex(0x43291c), hex(0x6b4226), hex(0x9a6a35), hex(0xc79a55),
	hex(0x8c8a88), hex(0xcfccc8),
}

var irises = []rgb{hex(0x3a2416), hex(0x4b2e1a), hex(0x5d3d22), hex(0x5f6f3a), hex(0x4a7a8c), hex(0x5d86b0)}

var cloths = []rgb{
	hex(0x24324a), hex(0x6d2f3a), hex(0x2f5d50), hex(0x8a8f98), hex(0x3c3f46), hex(0xe8e4dc),
	hex(0xb5643c), hex(0x4f6d9a), hex(0x7d5a86), hex(0xc9a14a),
}
