package server

import (
	"fmt"
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"
)

// A colour is red, green and blue, 0 to 255.
type colour [3]float64

// The grounds on which the accent stands as text, see --surface, --bg and --raised in static/app.css.
var (
	lightGrounds = []colour{{255, 255, 255}, {245, 246, 248}}
	darkGrounds  = []colour{{24, 27, 33}, {29, 33, 40}}
)

// tint is how much of the accent is in the ground of what it marks as chosen, such as the page in the sidebar.
const tint = 0.12

// minContrast is what WCAG 2.2 asks for text (success criterion 1.4.3, level AA).
const minContrast = 4.5

// accentSheet answers GET /accent/:company.css with a company's colour, made readable on both grounds.
func (s *Server) accentSheet(c *fiber.Ctx) error {
	company, err := s.o.Sessions.Company(c.UserContext(), actor(c), c.Params("company"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "private, max-age=300")
	accent, ok := parseColour(company.Settings.Colour)
	if !ok {
		return c.SendString("")
	}
	light, dark := accent.readableOn(lightGrounds), accent.readableOn(darkGrounds)
	return c.SendString(fmt.Sprintf(":root{--accent:%[1]s;--on-accent:%[2]s}\n"+
		"@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--accent:%[3]s;--on-accent:%[4]s}}\n"+
		":root[data-theme=dark]{--accent:%[3]s;--on-accent:%[4]s}\n", light, light.ink(), dark, dark.ink()))
}

func parseColour(text string) (colour, bool) {
	if len(text) != 7 || text[0] != '#' {
		return colour{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 24)
	return colour{float64(n >> 16), float64(n >> 8 & 0xff), float64(n & 0xff)}, err == nil
}

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// readableOn moves c away from the grounds until text of that colour can be read on each, tinted or not.
func (c colour) readableOn(grounds []colour) colour {
	away := colour{0, 0, 0}
	if grounds[0].luminance() < 0.5 {
		away = colour{255, 255, 255}
	}
	for range 30 {
		if c.worstOn(grounds) >= minContrast {
			break
		}
		c = c.mixed(away, 0.1)
	}
	return c
}

// worstOn is the lowest contrast of c with the grounds.
func (c colour) worstOn(grounds []colour) float64 {
	worst := math.Inf(1)
	for _, ground := range grounds {
		worst = min(worst, contrast(c, ground), contrast(c, ground.mixed(c, tint)))
	}
	return worst
}

// mixed is c with so much of another colour in it.
func (c colour) mixed(other colour, share float64) colour {
	for i := range c {
		c[i] += (other[i] - c[i]) * share
	}
	return c
}

// ink is the colour of text on c: white or near black, whichever is read better.
func (c colour) ink() string {
	black := colour{16, 18, 22}
	if contrast(c, colour{255, 255, 255}) >= contrast(c, black) {
		return "#ffffff"
	}
	return black.String()
}

// luminance is the relative luminance of WCAG 2.2.
func (c colour) luminance() float64 {
	var linear [3]float64
	for i, v := range c {
		v /= 255
		if v <= 0.04045 {
			linear[i] = v / 12.92
		} else {
			linear[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}

func contrast(a, b colour) float64 {
	high, low := a.luminance(), b.luminance()
	if low > high {
		high, low = low, high
	}
	return (high + 0.05) / (low + 0.05)
}
