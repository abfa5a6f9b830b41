package server

import (
	"fmt"
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"
)

// A colour is red, green and blue, 0 to 255.
type colour [3]float64

// The grounds on which the accent stands as text, see static/app.css.
var (
	lightGround = colour{255, 255, 255}
	darkGround  = colour{24, 27, 33}
)

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
	light, dark := accent.readableOn(lightGround), accent.readableOn(darkGround)
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

// readableOn moves c away from the ground until text of that colour can be read on it.
func (c colour) readableOn(ground colour) colour {
	away := colour{0, 0, 0}
	if ground.luminance() < 0.5 {
		away = colour{255, 255, 255}
	}
	for range 20 {
		if contrast(c, ground) >= minContrast {
			break
		}
		for i := range c {
			c[i] += (away[i] - c[i]) * 0.1
		}
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
