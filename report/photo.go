package report

import (
	"fmt"
	"slices"
	"strings"

	"dossier/session"
)

const (
	maxPhotos  = 12 // drawn; the others are listed by their hash
	photoWide  = (contentWide - 14) / 2
	photoTall  = 146.0
	photoLeast = 96.0 // to fit on a page that is begun, photos shrink to this height
	captionTop = 5.0
	captions   = 30.0
)

// mainPhotos are those that a complete session has.
var mainPhotos = []session.PhotoKind{session.DocumentFront, session.DocumentBack, session.Portrait, session.Selfie}

// photos draws the photos two by two, with what proves that they are the stored ones.
func (p *printer) photos() {
	p.section("Photos")
	all := slices.Clone(p.s.Photos)
	slices.SortStableFunc(all, func(a, b session.Photo) int { return photoOrder(a.Kind) - photoOrder(b.Kind) })
	drawn := all[:min(len(all), maxPhotos)]
	for pair := range slices.Chunk(drawn, 2) {
		p.photoPair(pair)
	}
	if rest := all[len(drawn):]; len(rest) > 0 {
		p.table([]column{{"Further photos", 0.3}, {"SHA-256 of the original", 0.7}}, photoRows(rest))
	}
	if absent := absentPhotos(all); absent != "" {
		p.paragraph("Not taken: "+absent+".", small)
	}
}

func photoOrder(k session.PhotoKind) int {
	if i := slices.Index(session.PhotoKinds, k); i >= 0 {
		return i
	}
	return len(session.PhotoKinds)
}

func photoRows(photos []session.Photo) [][]cell {
	var rows [][]cell
	for _, photo := range photos {
		rows = append(rows, []cell{plain(named(photoLabels, photo.Kind)), {{or(photo.SHA256), fixed}}})
	}
	return rows
}

// absentPhotos names the main kinds of which there is no photo.
func absentPhotos(photos []session.Photo) string {
	var absent []string
	for _, kind := range mainPhotos {
		if !slices.ContainsFunc(photos, func(p session.Photo) bool { return p.Kind == kind }) {
			absent = append(absent, strings.ToLower(photoLabels[kind]))
		}
	}
	return strings.Join(absent, ", ")
}

// A picture is a photo ready to draw, or why there is none.
type picture struct {
	data          []byte
	width, height float64 // points
	err           error
}

// photoPair draws one or two photos beside each other, each as large as the column allows.
func (p *printer) photoPair(pair []session.Photo) {
	pictures := make([]picture, len(pair))
	tallest, limit := 44.0, photoTall
	if left := contentEnd - p.y - 6 - captionTop - captions; len(p.pending) == 0 && left >= photoLeast {
		limit = min(limit, left)
	}
	for i, photo := range pair {
		data, size, err := p.photo(photo)
		pictures[i] = picture{data: data, err: err}
		if err == nil {
			pictures[i].width, pictures[i].height = fit(size.X, size.Y, photoWide, limit)
			tallest = max(tallest, pictures[i].height)
		}
	}
	p.need(6 + tallest + captionTop + captions)
	for i, photo := range pair {
		x := marginX + float64(i)*(photoWide+14)
		p.photoBox(pictures[i], x, p.y+6, tallest)
		p.caption(photo, x, p.y+6+tallest+captionTop)
	}
	p.y += 6 + tallest + captionTop + captions
}

// photoBox draws a photo at the bottom left of its place, or a box that says why it is not there.
func (p *printer) photoBox(of picture, x, y, height float64) {
	if of.err == nil {
		of.err = p.image(of.data, x, y+height-of.height, of.width, of.height)
	}
	if of.err != nil {
		p.box(x, y+height-44, photoWide, 44, panel)
		p.text("Not shown: "+of.err.Error()+".", style{regular, 7.5, bad}, x+8, y+height-36, photoWide-16, 3)
	}
}

// caption says what a photo is and which bytes it was made of.
func (p *printer) caption(photo session.Photo, x, y float64) {
	y = p.text(named(photoLabels, photo.Kind), style{bold, 7.5, ink}, x, y, photoWide, 1)
	facts := []string{fmt.Sprintf("%d × %d px", photo.Width, photo.Height), thousands(photo.Bytes) + " bytes"}
	if !photo.TakenAt.IsZero() {
		facts = append(facts, "taken "+p.stamp(photo.TakenAt))
	}
	y = p.text(strings.Join(facts, "  ·  "), style{regular, 6.2, muted}, x, y, photoWide, 1)
	p.text("SHA-256 "+or(photo.SHA256), digest, x, y, photoWide, 2)
}
