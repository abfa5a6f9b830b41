package sanctions

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"unicode"
)

// A Delta is what changed between two versions of a list.
type Delta struct {
	Added   []Entry
	Removed []Entry  // de-listed, or no longer published
	Changed []Change // same entry, other content
}

// A Change is an entry before and after. It is material where the content differs that a decision rests
// on ([Entry.Hash]); otherwise only remarks, addresses, dates of listing or notes do.
type Change struct {
	Old, New Entry
	Material bool
}

// IsEmpty says whether nothing changed.
func (d Delta) IsEmpty() bool { return len(d.Added)+len(d.Removed)+len(d.Changed) == 0 }

// Diff compares two versions of a list by the content of their entries; the order of entries and of what
// they hold does not matter. An entry that has got another id is the same as long as it names the
// former one.
func Diff(old, new []Entry) Delta {
	before := make(map[string]int, len(old))
	for i, e := range old {
		before[e.ID] = i
	}
	current := make(map[string]bool, len(new))
	for _, e := range new {
		current[e.ID] = true
	}
	var d Delta
	met := make([]bool, len(old))
	for _, e := range new {
		i, known := predecessor(e, before, current)
		if !known {
			d.Added = append(d.Added, e)
			continue
		}
		met[i] = true
		material := old[i].ID != e.ID || old[i].Hash() != e.Hash()
		if material || old[i].detail() != e.detail() {
			d.Changed = append(d.Changed, Change{Old: old[i], New: e, Material: material})
		}
		for _, id := range e.FormerIDs { // several entries may have been merged into one
			if i, ok := before[id]; ok && !current[id] {
				met[i] = true
			}
		}
	}
	for i, e := range old {
		if !met[i] {
			d.Removed = append(d.Removed, e)
		}
	}
	return d
}

// predecessor finds the entry of the old version that e was: by its id, or by a former id that no entry
// has any more.
func predecessor(e Entry, before map[string]int, current map[string]bool) (int, bool) {
	if i, ok := before[e.ID]; ok {
		return i, true
	}
	for _, id := range e.FormerIDs {
		if i, ok := before[id]; ok && !current[id] {
			return i, true
		}
	}
	return 0, false
}

// Hash is the SHA-256, in hex, of what matters for a decision about an entry: its type, topic, names,
// births, places, nationalities, sexes, documents and programs, whatever their order. The list, the id,
// dates of listing, addresses, remarks and the notes of documents and dates are not part of it: they
// change without changing who is meant.
func (e Entry) Hash() string {
	h := sha256.New()
	put(h, "type", []string{string(e.Type)})
	put(h, "topic", []string{e.Topic})
	put(h, "names", texts(e.Names, func(n Name) string {
		return strings.Join([]string{n.Full, n.Given, n.Middle, n.Patronymic, n.Family, n.Title, string(n.Kind), fmt.Sprint(n.Weak)}, "\x1f")
	}))
	put(h, "births", texts(e.Births, func(d Date) string { return fmt.Sprint(d.From, d.To, d.Circa) }))
	put(h, "places", slices.Clone(e.BirthPlaces))
	put(h, "nationalities", slices.Clone(e.Nationalities))
	put(h, "sexes", slices.Clone(e.Sexes))
	put(h, "documents", texts(e.Documents, func(d Document) string {
		return strings.Join([]string{d.Kind, plainNumber(d.Number), d.Country}, "\x1f")
	}))
	put(h, "programs", slices.Clone(e.Programs))
	return hex.EncodeToString(h.Sum(nil))
}

// detail is the hash of what Hash leaves out.
func (e Entry) detail() string {
	h := sha256.New()
	put(h, "listed", []string{e.ListedOn})
	put(h, "remarks", []string{e.Remarks})
	put(h, "source", []string{e.SourceURL})
	put(h, "addresses", slices.Clone(e.Addresses))
	put(h, "former", slices.Clone(e.FormerIDs))
	put(h, "births", texts(e.Births, func(d Date) string { return d.Text }))
	put(h, "documents", texts(e.Documents, func(d Document) string { return d.Number + "\x1f" + d.Note }))
	return hex.EncodeToString(h.Sum(nil))
}

// put writes a field with its values in order, in a form that no other content has.
func put(h hash.Hash, field string, values []string) {
	slices.Sort(values)
	fmt.Fprintf(h, "%s %d\n", field, len(values))
	for _, v := range values {
		fmt.Fprintf(h, "%d %s\n", len(v), v)
	}
}

func texts[T any](values []T, text func(T) string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = text(v)
	}
	return out
}

// plainNumber leaves letters and digits of a document's number.
func plainNumber(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}
