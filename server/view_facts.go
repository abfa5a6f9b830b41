package server

import (
	"html/template"
	"strings"
)

// A fact is a label with what is known. Tone colours it: good, bad, warn, none, or "" for plain text.
type fact struct {
	Label, Value, Tone string
	Second, SecondTone string // a second value under the same label
	Note               string // beside the value, smaller
	Source             string // where a field of the person came from
	Code               bool   // set in the face for numbers
}

// facts writes what goes into a <dl>. It is written here and not by a template: the thirty facts of a
// session were half of what its page cost.
func facts(all []fact) template.HTML {
	var w htmlWriter
	w.Grow(len(all) * factSize)
	for _, f := range all {
		w.fact(f)
	}
	return template.HTML(w.String())
}

// factSize is about how many bytes a fact takes.
const factSize = 128

// An htmlWriter writes HTML. What comes from outside goes through text.
type htmlWriter struct{ strings.Builder }

// raw writes HTML.
func (w *htmlWriter) raw(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

// text writes text, or the value of an attribute in quotes.
func (w *htmlWriter) text(s string) { w.WriteString(template.HTMLEscapeString(s)) }

// span writes text in a span of a class.
func (w *htmlWriter) span(class, text string) {
	w.raw(`<span class="`, class, `">`)
	w.text(text)
	w.raw(`</span>`)
}

func (w *htmlWriter) fact(f fact) {
	w.raw(`<div><dt>`)
	w.text(f.Label)
	w.raw(`</dt><dd`)
	if f.Code {
		w.raw(` class="code"`)
	}
	if w.raw(`>`); f.Tone != "" {
		w.span("tone "+f.Tone, f.Value)
	} else {
		w.raw(`<span>`)
		w.text(f.Value)
		w.raw(`</span>`)
	}
	if f.Second != "" {
		w.raw(` `)
		w.span("tone "+f.SecondTone, f.Second)
	}
	if f.Note != "" {
		w.raw(` `)
		w.span("note", f.Note)
	}
	if f.Source != "" && f.Value != unknown {
		w.raw(` <span class="source" title="Where this was read">`)
		w.text(f.Source)
		w.raw(`</span>`)
	}
	w.raw(`</dd></div>`)
}

// choices writes the options of a <select>. A master sees all members on every page of a session.
func choices(all []option) template.HTML {
	var w htmlWriter
	w.Grow(len(all) * choiceSize)
	for _, o := range all {
		w.raw(`<option value="`)
		w.text(o.Value)
		if w.raw(`"`); o.On {
			w.raw(` selected`)
		}
		w.raw(`>`)
		w.text(o.Name)
		w.raw(`</option>`)
	}
	return template.HTML(w.String())
}

// choiceSize is about how many bytes an option takes.
const choiceSize = 96
