package report

import "strconv"

// A colour is red, green and blue.
type colour struct{ r, g, b uint8 }

var (
	ink      = colour{0x1c, 0x23, 0x30}
	muted    = colour{0x5f, 0x6b, 0x7c}
	hairline = colour{0xd8, 0xde, 0xe7}
	panel    = colour{0xf4, 0xf6, 0xf9}
	white    = colour{0xff, 0xff, 0xff}
	good     = colour{0x17, 0x6f, 0x44}
	bad      = colour{0xb0, 0x22, 0x18}
	warning  = colour{0x9a, 0x55, 0x0b}
	standard = colour{0x24, 0x57, 0xc5} // the accent of a company that chose none
)

// parseColour reads "#rrggbb"; anything else gives the standard accent.
func parseColour(text string) colour {
	if len(text) != 7 || text[0] != '#' {
		return standard
	}
	n, err := strconv.ParseUint(text[1:], 16, 24)
	if err != nil {
		return standard
	}
	return colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}
}

// readable darkens c until small text in it can be read on white (a contrast of 4.5 to 1, WCAG 1.4.3).
func (c colour) readable() colour {
	for c.luminance() > 1.05/4.5-0.05 {
		c = c.mix(colour{}, 0.1)
	}
	return c
}

// luminance is the relative luminance of WCAG, with the curve of sRGB taken as a square.
func (c colour) luminance() float64 {
	linear := func(v uint8) float64 { return float64(v) / 255 * float64(v) / 255 }
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// mix moves c towards other by share, 0 to 1.
func (c colour) mix(other colour, share float64) colour {
	part := func(a, b uint8) uint8 { return uint8(float64(a)*(1-share) + float64(b)*share) }
	return colour{part(c.r, other.r), part(c.g, other.g), part(c.b, other.b)}
}

// tint is c as a faint background.
func (c colour) tint() colour { return c.mix(white, 0.92) }
