package report

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	stddraw "image/draw"
	_ "image/jpeg" // logos and photos
	"image/png"

	"github.com/signintech/gopdf"
	"github.com/skip2/go-qrcode"
	"golang.org/x/image/draw"

	"dossier/session"
)

const (
	qrSize        = 66.0
	maxPhotoBytes = 4 << 20 // of one photo as the caller scaled it
	maxLogoPixels = 4_000_000
	logoPixels    = 500 // the width that a logo is scaled down to
)

// logo draws the company's logo into a box and returns the width it took, 0 where there is none that
// can be read: a report without a logo is better than none.
func (p *printer) logo(x, y, width, height float64) float64 {
	picture, err := readLogo(p.Company.Settings.Logo)
	if err != nil {
		return 0
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		return 0
	}
	w, h := fit(picture.Bounds().Dx(), picture.Bounds().Dy(), width, height)
	if err := p.image(file.Bytes(), x, y+(height-h)/2, w, h); err != nil {
		return 0
	}
	return w
}

// readLogo decodes a logo on white ground, at a size fit for print.
func readLogo(data []byte) (image.Image, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if config.Width < 1 || config.Height < 1 || config.Width*config.Height > maxLogoPixels {
		return nil, errors.New("the logo is too large")
	}
	full, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	w, h := config.Width, config.Height
	if w > logoPixels {
		w, h = logoPixels, max(1, h*logoPixels/w)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	stddraw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, stddraw.Src)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), full, full.Bounds(), draw.Over, nil)
	return out, nil
}

// photo is the bytes of one photo and its size in pixels, or why it cannot be shown.
func (p *printer) photo(of session.Photo) (data []byte, size image.Point, err error) {
	if p.Photo == nil {
		return nil, size, errors.New("the report was made without photos")
	}
	data, err = p.Photo(of)
	if err != nil {
		return nil, size, fmt.Errorf("it could not be read: %w", err)
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil || format != "jpeg" || config.Width < 1 || config.Height < 1:
		return nil, size, errors.New("it is not an image that can be printed")
	case len(data) > maxPhotoBytes:
		return nil, size, errors.New("it is too large to print")
	case !bytes.Contains(data[max(0, len(data)-64):], []byte{0xFF, 0xD9}):
		return nil, size, errors.New("it is cut short")
	}
	return data, image.Pt(config.Width, config.Height), nil
}

// image puts an image file into a rectangle.
func (p *printer) image(data []byte, x, y, width, height float64) error {
	holder, err := gopdf.ImageHolderByBytes(data)
	if err != nil {
		return err
	}
	return p.pdf.ImageByHolder(holder, x, y, &gopdf.Rect{W: width, H: height})
}

// fit scales w × h pixels into a box of points, keeping the proportions.
func fit(w, h int, width, height float64) (float64, float64) {
	scale := min(width/float64(w), height/float64(h))
	return float64(w) * scale, float64(h) * scale
}

// qrCode draws the code of the session's address, which is also a link. It reports false where there is
// no address or it is too long for a code.
func (p *printer) qrCode(x, y float64) bool {
	if p.URL == "" {
		return false
	}
	code, err := qrcode.New(p.URL, qrcode.Medium)
	if err != nil {
		return false
	}
	code.DisableBorder = true // the page is white already
	modules := code.Bitmap()
	size := qrSize / float64(len(modules))
	p.pdf.SetFillColor(ink.r, ink.g, ink.b)
	for row, line := range modules {
		for from := 0; from < len(line); from++ {
			to := from
			for to < len(line) && line[to] {
				to++
			}
			if to > from { // a little taller than a module, so that no viewer shows gaps
				p.pdf.RectFromUpperLeftWithStyle(x+float64(from)*size, y+float64(row)*size, float64(to-from)*size, size+0.05, "F")
				from = to
			}
		}
	}
	p.pdf.AddExternalLink(clean(p.URL), x, y, qrSize, qrSize)
	p.textRight("Open this session", style{regular, 6, muted}, x+qrSize, y+qrSize+8)
	return true
}
