package specimen

import (
	"bytes"
	"image"
	"image/jpeg"
	"sync"
)

// quality is the JPEG quality of all pictures: fine lines survive, a page stays below 250 KB.
const quality = 82

var planes sync.Pool

// jpeg encodes the picture and gives the canvas back; it must not be used afterwards.
func (c *canvas) jpeg() []byte {
	var out bytes.Buffer
	out.Grow(128 << 10)
	split := c.split()
	// Encoding fails only for a picture of more than 65,535 pixels a side, which we never make.
	if err := jpeg.Encode(&out, split, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	planes.Put(split)
	canvases.Put(c)
	return out.Bytes()
}

// split converts the picture to luma and halved chroma (JFIF). The encoder would do it itself, but
// three times as slowly.
func (c *canvas) split() *image.YCbCr {
	w, h := c.img.Rect.Dx(), c.img.Rect.Dy()
	m, _ := planes.Get().(*image.YCbCr)
	if m == nil || m.Rect != c.img.Rect {
		m = image.NewYCbCr(c.img.Rect, image.YCbCrSubsampleRatio420)
	}
	for y := 0; y < h; y += 2 {
		above := c.img.Pix[y*c.img.Stride:][:4*w]
		below := above
		if y+1 < h {
			below = c.img.Pix[(y+1)*c.img.Stride:][:4*w]
			luma(m.Y[(y+1)*m.YStride:][:w], below)
		}
		luma(m.Y[y*m.YStride:][:w], above)
		chroma(m.Cb[y/2*m.CStride:][:(w+1)/2], m.Cr[y/2*m.CStride:][:(w+1)/2], above, below)
	}
	return m
}

func luma(dst, pix []uint8) {
	for x := range dst {
		p := pix[4*x : 4*x+4 : 4*x+4]
		dst[x] = uint8((19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16)
	}
}

// chroma averages squares of four pixels, or what there is of them at an odd edge.
func chroma(cb, cr, above, below []uint8) {
	for x := range cb {
		i := 8 * x
		j := min(i+4, len(above)-4)
		r := int32(above[i]) + int32(above[j]) + int32(below[i]) + int32(below[j])
		g := int32(above[i+1]) + int32(above[j+1]) + int32(below[i+1]) + int32(below[j+1])
		b := int32(above[i+2]) + int32(above[j+2]) + int32(below[i+2]) + int32(below[j+2])
		cb[x] = uint8((-11056*r - 21712*g + 32768*b + 257<<17 - 1) >> 18)
		cr[x] = uint8((32768*r - 27440*g - 5328*b + 257<<17 - 1) >> 18)
	}
}
