package photo

import (
	"bytes"
	_ "embed"
	"fmt"
	"image"
	"image/jpeg"
	"sync"

	pigo "github.com/esimov/pigo/core"
	"github.com/kovidgoyal/imaging"
)

//go:embed cascade/facefinder
var facefinder []byte

// detector is the face detector, unpacked at its first use.
var detector = sync.OnceValues(func() (*pigo.Pigo, error) {
	d, err := pigo.NewPigo().Unpack(facefinder)
	if err != nil {
		return nil, fmt.Errorf("photo: face detector: %w", err)
	}
	return d, nil
})

// What the detector looks at, and what it takes for a face.
const (
	searchSide  = 640  // pixels of the longer side of the picture that is searched: this bounds the time
	leastFace   = 0.1  // of the shorter side
	leastScore  = 5.0  // of the detector; patterns on a document stay below
	sameFace    = 0.2  // overlap of two finds that are one face
	portraitGap = 0.42 // beside the face, in its width
)

// Portrait cuts the largest face out of a photo of a document, upright and without metadata, as a
// JPEG at most width pixels wide. found is false where there is none that it is sure of.
func Portrait(data []byte, width int) (portrait []byte, found bool, err error) {
	_, size, err := header(data)
	if err != nil {
		return nil, false, err
	}
	defer room(size)()
	img, err := imaging.Decode(bytes.NewReader(data), imaging.AutoOrientation(true))
	if err != nil {
		return nil, false, refuse("The photo cannot be read: %v", err)
	}
	where, found, err := face(img)
	if err != nil || !found {
		return nil, false, err
	}
	cut := imaging.Crop(img, where)
	if cut.Bounds().Dx() > width {
		cut = imaging.Resize(cut, width, 0, imaging.Box)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, cut, &jpeg.Options{Quality: 88}); err != nil {
		return nil, false, fmt.Errorf("photo: encode portrait: %w", err)
	}
	return out.Bytes(), true, nil
}

// face returns where the largest face of a picture is, with what belongs to a portrait around it. Many
// documents repeat the portrait in small, and the small one is often the clearer.
func face(img image.Image) (image.Rectangle, bool, error) {
	d, err := detector()
	if err != nil {
		return image.Rectangle{}, false, err
	}
	small := imaging.Fit(img, searchSide, searchSide, imaging.Box)
	scale := float64(img.Bounds().Dx()) / float64(small.Bounds().Dx())
	rows, cols := small.Bounds().Dy(), small.Bounds().Dx()
	all := d.RunCascade(pigo.CascadeParams{MinSize: max(20, int(float64(min(rows, cols))*leastFace)), MaxSize: max(rows, cols), ShiftFactor: 0.1, ScaleFactor: 1.1,
		ImageParams: pigo.ImageParams{Pixels: grey(small), Rows: rows, Cols: cols, Dim: cols}}, 0)
	best := pigo.Detection{}
	for _, f := range d.ClusterDetections(all, sameFace) {
		if f.Q >= leastScore && f.Scale > best.Scale {
			best = f
		}
	}
	if best.Scale == 0 {
		return image.Rectangle{}, false, nil
	}
	side := float64(best.Scale) * scale
	x, y, half := float64(best.Col)*scale, float64(best.Row)*scale, side*(0.5+portraitGap)
	where := image.Rect(int(x-half), int(y-half*1.25), int(x+half), int(y+half*1.25))
	return where.Intersect(img.Bounds()), true, nil
}

// grey is the brightness of each pixel, row by row.
func grey(img image.Image) []byte {
	b := img.Bounds()
	flat := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			flat.Set(x, y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return flat.Pix
}
