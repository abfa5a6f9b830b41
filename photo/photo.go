// Package photo says whether bytes are an image that we take, and draws small ones from large ones.
// It goes by content: a name or a header is only a claim.
package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // decoders register themselves

	"github.com/kovidgoyal/imaging"
	_ "golang.org/x/image/webp"
)

// Limits of a photo.
const (
	MaxBytes  = 15 << 20
	MaxPixels = 50_000_000
)

// Info is what an image says of itself.
type Info struct {
	ContentType   string // image/jpeg, image/png or image/webp
	Width, Height int    // pixels
}

// A RefusedError says why bytes are not taken as a photo, and what to do.
type RefusedError struct {
	Reason   string
	TooLarge bool
}

func (e *RefusedError) Error() string { return e.Reason }

func refuse(format string, args ...any) error {
	return &RefusedError{Reason: fmt.Sprintf(format, args...)}
}

var contentTypes = map[string]string{"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}

// Inspect reads the whole image, so that a truncated or broken one is found now and not by the
// reviewer. It returns a *RefusedError for anything that is not a sound JPEG, PNG or WebP within the limits.
func Inspect(data []byte) (Info, error) {
	info, size, err := header(data)
	if err != nil {
		return Info{}, err
	}
	defer room(size)()
	if _, _, err := image.Decode(bytes.NewReader(data)); err != nil {
		return Info{}, refuse("The %s is damaged or cut short (%v). Take or send it again.", info.ContentType, err)
	}
	return info, nil
}

// header is what an image says of itself, and how many bytes it takes to unpack it.
func header(data []byte) (Info, int64, error) {
	if len(data) == 0 {
		return Info{}, 0, refuse("The photo is empty. Send a JPEG, PNG or WebP image.")
	}
	if len(data) > MaxBytes {
		return Info{}, 0, &RefusedError{TooLarge: true, Reason: fmt.Sprintf("The photo has %.1f MB; at most %d MB are taken.", float64(len(data))/(1<<20), MaxBytes>>20)}
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	kind, known := contentTypes[format]
	if err != nil || !known {
		return Info{}, 0, refuse("This is not a JPEG, PNG or WebP image, whatever its name says.")
	}
	if config.Width < 1 || config.Height < 1 {
		return Info{}, 0, refuse("The photo has no pixels.")
	}
	if int64(config.Width)*int64(config.Height) > MaxPixels {
		return Info{}, 0, &RefusedError{TooLarge: true, Reason: fmt.Sprintf("The photo has %d × %d pixels; at most %d million are taken.", config.Width, config.Height, MaxPixels/1_000_000)}
	}
	size := unpacked(data, config, format)
	if size > maxUnpacked {
		return Info{}, 0, &RefusedError{TooLarge: true, Reason: fmt.Sprintf("The photo takes %d MB of memory to unpack; at most %d MB are taken. Save it as an ordinary JPEG, not a progressive one, or with fewer pixels.", size>>20, maxUnpacked>>20)}
	}
	return Info{ContentType: kind, Width: config.Width, Height: config.Height}, size, nil
}

// Thumbnail returns the image as a JPEG at most width pixels wide, upright and without metadata.
// An image that is narrower keeps its size.
func Thumbnail(data []byte, width int) ([]byte, error) {
	info, size, err := header(data)
	if err != nil {
		return nil, err
	}
	const turned = 4 // bytes of a pixel of the upright image
	defer room(size + turned*int64(info.Width)*int64(info.Height))()
	img, err := imaging.Decode(bytes.NewReader(data), imaging.AutoOrientation(true))
	if err != nil {
		return nil, refuse("The photo cannot be read: %v", err)
	}
	if img.Bounds().Dx() > width {
		img = imaging.Resize(img, width, 0, imaging.Box)
	}
	flat := imaging.New(img.Bounds().Dx(), img.Bounds().Dy(), color.White) // what was transparent
	flat = imaging.Overlay(flat, img, image.Point{}, 1)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, flat, &jpeg.Options{Quality: 82}); err != nil {
		return nil, fmt.Errorf("photo: encode thumbnail: %w", err)
	}
	return out.Bytes(), nil
}
