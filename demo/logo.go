package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// logo draws the exchange's mark: a planet with its orbit, on white.
func logo() []byte {
	const size = 128
	violet, white := color.NRGBA{0x5b, 0x3f, 0xb0, 255}, color.NRGBA{255, 255, 255, 255}
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{white, violet})
	for y := range size {
		for x := range size {
			dx, dy := float64(x)-size/2+0.5, float64(y)-size/2+0.5
			ring := math.Abs(math.Hypot(dx*0.8+dy*0.6, (dy*0.8-dx*0.6)*2.4) - 56)
			if math.Hypot(dx, dy) < 26 || ring < 5 {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil { // a buffer takes everything
		panic(err)
	}
	return file.Bytes()
}
