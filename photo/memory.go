package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"

	"golang.org/x/sync/semaphore"
)

// Limits of the memory that photos take while they are unpacked. A file of a megabyte may unpack to one of
// several hundred: what counts is what its format and its header ask for.
const (
	maxUnpacked  = 256 << 20 // of one
	unpackedRoom = 96 << 20  // of all at once; one that takes more is unpacked alone
)

var unpacking = semaphore.NewWeighted(unpackedRoom)

// room waits until so much may be unpacked, and returns what makes room for the next.
func room(size int64) (leave func()) {
	size = min(size, unpackedRoom)
	if err := unpacking.Acquire(context.Background(), size); err != nil { // it never ends before there is room
		panic("photo: " + err.Error())
	}
	return func() { unpacking.Release(size) }
}

// unpacked is how many bytes the decoder takes for an image, at most.
func unpacked(data []byte, c image.Config, format string) int64 {
	pixels := int64(c.Width) * int64(c.Height)
	switch {
	case format == "jpeg":
		return max(pixels*jpegBytes(c.ColorModel), progressive(data, c))
	case format == "webp" && c.ColorModel == color.NRGBAModel: // without loss, by transformations of the whole
		return 12 * pixels
	case format == "webp":
		return 3 * pixels
	}
	const interlace = 28 // its place in a PNG, whose header is checked
	if data[interlace] != 0 {
		pixels *= 2
	}
	switch c.ColorModel {
	case color.GrayModel:
		return pixels
	case color.Gray16Model:
		return 2 * pixels
	case color.RGBA64Model, color.NRGBA64Model:
		return 8 * pixels
	case color.RGBAModel, color.NRGBAModel:
		return 4 * pixels
	}
	return pixels // of a palette
}

// jpegBytes is what a pixel takes where the image is not progressive.
func jpegBytes(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.YCbCrModel:
		return 3
	}
	return 8 // turned into another model
}

// progressive is how many bytes a progressive JPEG takes, whose coefficients are kept to the end: four bytes
// each beside that of the image. It is 0 where no header of one with these measures is found; the compressed
// data cannot look like one.
func progressive(data []byte, c image.Config) (most int64) {
	for rest := data; ; {
		at := bytes.Index(rest, []byte{0xFF, 0xC2})
		if at < 0 {
			return most
		}
		rest = rest[at+2:]
		const start = 8 // length, precision, height, width, number of components
		if len(rest) < start || int(binary.BigEndian.Uint16(rest[3:])) != c.Height || int(binary.BigEndian.Uint16(rest[5:])) != c.Width {
			continue
		}
		samples, widest := int64(0), int64(1)
		for n := range int(rest[7]) {
			if i := start + 3*n + 1; i < len(rest) {
				each := int64(rest[i]>>4) * int64(rest[i]&15)
				samples, widest = samples+each, max(widest, each)
			}
		}
		most = max(most, 5*int64(c.Width)*int64(c.Height)*samples/widest)
	}
}
