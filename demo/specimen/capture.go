package specimen

import (
	"image"
	"math"
)

// finish rounds the corners off, adds what went wrong when the photo was taken, and encodes it.
func (s *sheet) finish() []byte {
	for _, cut := range s.corners {
		cut()
	}
	switch s.doc.Flaw {
	case CutOff:
		s.cutOff()
	case FromScreen:
		s.fromScreen()
	case Glare:
		s.glare()
	}
	return s.jpeg()
}

// cutOff moves the picture to the left, so that a part of the document is outside.
func (s *sheet) cutOff() {
	w, h := s.img.Rect.Dx(), s.img.Rect.Dy()
	shift := w * 22 / 100
	for y := range h {
		row := s.img.Pix[y*s.img.Stride:][:4*w]
		copy(row, row[4*shift:])
		for x := w - shift; x < w; x++ {
			copy(row[4*x:], []uint8{deskColour.r, deskColour.g, deskColour.b})
		}
	}
}

// fromScreen adds the grid of a display, its beating against the sensor, and a cold light.
func (s *sheet) fromScreen() {
	w, h := s.img.Rect.Dx(), s.img.Rect.Dy()
	for y := range h {
		row := s.img.Pix[y*s.img.Stride:][:4*w]
		for x := range w {
			beat := 1 + 0.10*math.Sin(float64(x)*0.061+float64(y)*0.023) + 0.06*math.Sin(float64(y)*0.9)
			if x%3 == 0 {
				beat -= 0.10
			}
			p := row[4*x : 4*x+3]
			p[0] = uint8(clamp(float64(p[0])*beat*0.90, 0, 255))
			p[1] = uint8(clamp(float64(p[1])*beat*0.96, 0, 255))
			p[2] = uint8(clamp(float64(p[2])*beat*1.06, 0, 255))
		}
	}
}

// glare is a reflection over the upper right part.
func (s *sheet) glare() {
	cx, cy := float64(s.img.Rect.Dx())*0.62, float64(s.img.Rect.Dy())*0.42
	r := float64(s.img.Rect.Dy()) * 0.42
	area := image.Rect(int(cx-r*1.4), int(cy-r), int(cx+r*1.4), int(cy+r)).Intersect(s.img.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			d := math.Hypot((float64(x)-cx)/1.4, float64(y)-cy) / r
			s.mixPixel(x, y, rgb{255, 255, 255}, clamp(1.25*(1-d), 0, 0.97))
		}
	}
}
