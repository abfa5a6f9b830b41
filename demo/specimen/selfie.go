package specimen

import (
	"math/rand/v2"
)

// The size of portraits in pixels, and that of selfies in units of selfieUnit pixels.
const (
	portraitWidth, portraitHeight = 300, 386
	selfieWidth, selfieHeight     = 630, 840
	selfieUnit                    = 0.6
)

// Portrait draws the picture that the chip of the document holds.
func Portrait(d Document) []byte {
	c := newCanvas(portraitWidth, portraitHeight, 1, hex(0xdfe4e9))
	c.fill(rectangle(0, 0, portraitWidth, portraitHeight), vertical(hex(0xeef1f4), hex(0xd3dae1), 0, portraitHeight))
	c.t = scaling(1).at(pt(portraitWidth/2, portraitHeight*0.44), portraitWidth/3.5, 0)
	d.Face.draw(c)
	return c.jpeg()
}

// Selfie draws the holder of a face at home or outside, as a phone takes it. The same seed gives the
// same place, light and clothes.
func Selfie(f Face, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 0x5e1f1e))
	c := newCanvas(selfieWidth*selfieUnit, selfieHeight*selfieUnit, selfieUnit, hex(0xcfc8bd))
	places[r.IntN(len(places))](c, r)
	f.Cloth = (f.Cloth + 1 + r.IntN(len(cloths)-1)) % len(cloths)
	if f.Clothes = pick(r, Tee, Hoodie, Shirt, Tee); f.Style == Scarf || f.Style == Turban {
		f.Cloth = (f.Cloth + 2) % len(cloths)
	}
	at := pt(selfieWidth*(0.5+0.06*around(r)), selfieHeight*(0.50+0.04*around(r)))
	c.t = scaling(selfieUnit).at(at, selfieWidth/(4.0+0.4*around(r)), 0.07*around(r))
	f.draw(c)
	c.t = scaling(selfieUnit)
	light(c, r)
	return c.jpeg()
}

// light gives the whole picture the colour of its lamp or window.
func light(c *canvas, r *rand.Rand) {
	tone := []rgb{hex(0xffb45e), hex(0x7fb2ff), hex(0xfff0d0), hex(0x20304a)}[r.IntN(4)]
	c.fill(rectangle(0, 0, selfieWidth, selfieHeight), glaze(tone, 0.09))
	if r.IntN(2) == 0 {
		c.fill(start(0, 0).line(selfieWidth*0.55, 0).line(selfieWidth*0.15, selfieHeight).line(0, selfieHeight), glaze(rgb{255, 255, 255}, 0.06))
	}
}

var places = []func(*canvas, *rand.Rand){livingRoom, office, street, kitchen}

func livingRoom(c *canvas, r *rand.Rand) {
	wall := []rgb{hex(0xd8cfc0), hex(0xbfcbc7), hex(0xd6c2b4), hex(0xc4c9d6)}[r.IntN(4)]
	c.fill(rectangle(0, 0, selfieWidth, selfieHeight), vertical(wall.lighter(0.15), wall.darker(0.10), 0, selfieHeight))
	x := 30 + 330*float64(r.IntN(2))
	c.fill(rectangle(x, 70, 200, 150), solid(hex(0xf5f1e8)))
	c.fill(rectangle(x+14, 84, 172, 122), vertical(hex(0x9cc0cf), hex(0xe2c79a), 84, 206))
	c.fill(start(x+14, 206).line(x+80, 130).line(x+120, 170).line(x+150, 146).line(x+186, 206), solid(hex(0x5d7a68)))
	px := selfieWidth - x - 90
	c.fill(rectangle(px-34, 590, 68, 130), vertical(hex(0xb06a4a), hex(0x8a4f37), 590, 720))
	for i := range 9 {
		v := polar(210, -2.5+0.24*float64(i)).plus(px, 600)
		c.fill(stroke(bezier(pt(px, 600), pt(px, 520), mix(pt(px, 500), v, 0.6), v, 10), 26, true), solid(hex(0x3f6b4d).lighter(0.04*float64(i%3))))
	}
}

func office(c *canvas, r *rand.Rand) {
	c.fill(rectangle(0, 0, selfieWidth, selfieHeight), vertical(hex(0xe4e7ea), hex(0xb9c0c8), 0, selfieHeight))
	for row := range 3 {
		y := 90 + 170*float64(row)
		c.fill(rectangle(0, y+120, selfieWidth, 12), solid(hex(0x8b6f55)))
		for x := 10.0; x < selfieWidth; {
			w, h := 14+20*r.Float64(), 70+45*r.Float64()
			c.fill(rectangle(x, y+120-h, w, h), solid(cloths[r.IntN(len(cloths))].lighter(0.25)))
			x += w + 2
			if r.IntN(7) == 0 {
				x += 40
			}
		}
	}
}

func street(c *canvas, r *rand.Rand) {
	c.fill(rectangle(0, 0, selfieWidth, selfieHeight), vertical(hex(0x9cc4e6), hex(0xe6edf0), 0, 420))
	for x := -20.0; x < selfieWidth; {
		w, top := 90+80*r.Float64(), 140+230*r.Float64()
		wall := []rgb{hex(0xb9a48e), hex(0x9aa5ad), hex(0xc4b29a), hex(0x8f8a92)}[r.IntN(4)]
		c.fill(rectangle(x, top, w, selfieHeight-top), vertical(wall.lighter(0.1), wall.darker(0.15), top, selfieHeight))
		panes := new(path)
		for y := top + 20; y < selfieHeight-60; y += 46 {
			for wx := x + 14; wx < x+w-22; wx += 32 {
				panes.join(rectangle(wx, y, 16, 24))
			}
		}
		c.fill(panes, glaze(hex(0x4a5a6a), 0.45))
		x += w
	}
	c.fill(rectangle(0, 640, selfieWidth, 200), glaze(hex(0x7b8084), 0.85))
	for i := range 4 {
		x := float64(i)*200 + 60*r.Float64()
		c.fill(circle(x, 560+40*r.Float64(), 66), solid(hex(0x5f8358)))
	}
}

func kitchen(c *canvas, r *rand.Rand) {
	c.fill(rectangle(0, 0, selfieWidth, selfieHeight), vertical(hex(0xefece5), hex(0xd5d8d4), 0, selfieHeight))
	grout := new(path)
	for i := range 14 {
		grout.join(rectangle(0, float64(i)*60, selfieWidth, 2)).join(rectangle(float64(i)*60, 0, 2, 560))
	}
	c.fill(grout, glaze(hex(0xa9b0ae), 0.5))
	door := []rgb{hex(0x4f6a5d), hex(0x8a6b4c), hex(0x54647a)}[r.IntN(3)]
	for i := range 3 {
		x := float64(i) * 212
		c.fill(rectangle(x+2, 0, 208, 190), vertical(door.lighter(0.1), door, 0, 190))
		c.fill(rectangle(x+96, 168, 20, 8), solid(hex(0xd9d4c8)))
	}
	c.fill(rectangle(0, 560, selfieWidth, 26), solid(hex(0x6b5a4a)))
	c.fill(rectangle(0, 586, selfieWidth, 254), solid(door.darker(0.15)))
	c.fill(circle(120, 330, 42), solid(hex(0xf4efe2)))
	c.fill(circle(120, 330, 36), solid(hex(0xffffff)))
	c.fill(stroke([]point{{120, 330}, {120, 304}}, 4, false), solid(ink))
	c.fill(stroke([]point{{120, 330}, {138, 338}}, 4, false), solid(ink))
}
