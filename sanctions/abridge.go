package sanctions

import (
	"fmt"
	"slices"
	"strings"
)

// abridgedNote stands at the end of the remarks of an entry that was cut.
const abridgedNote = "[Shortened: the file of the list has the whole entry.]"

// Abridged is e with at most some bytes of text. What tells a target from others stays first; the remarks
// say that something was left out.
func (e Entry) Abridged(most int) Entry {
	if textSize(e) <= most {
		return e
	}
	most -= 2 * maxNameBytes // for what is kept anyhow: the name, the remarks
	cut := Entry{List: e.List, ID: e.ID, Type: e.Type, Topic: e.Topic, ListedOn: clip(e.ListedOn), Remarks: clip(e.Remarks)}
	cut.Names = append(cut.Names, e.Names[0].abridged())
	cut.FormerIDs = cutTo(&most, e.FormerIDs)
	cut.Births = cutTo(&most, e.Births)
	cut.Nationalities = cutTo(&most, e.Nationalities)
	cut.Sexes = cutTo(&most, e.Sexes)
	cut.Documents = cutTo(&most, e.Documents)
	cut.Names = append(cut.Names, cutTo(&most, e.Names[1:])...)
	cut.BirthPlaces = cutTo(&most, e.BirthPlaces)
	cut.Programs = cutTo(&most, e.Programs)
	cut.SourceURL = strings.Join(cutTo(&most, []string{e.SourceURL}), "")
	cut.Addresses = cutTo(&most, e.Addresses)
	cut.Remarks = strings.TrimSpace(cut.Remarks + " " + abridgedNote)
	return cut
}

// cutTo leaves out what does not fit into the room any more, and takes what it keeps off the room.
func cutTo[T any](room *int, all []T) (kept []T) {
	for _, v := range all {
		if n := textSize(v); n <= *room {
			kept = append(kept, v)
			*room -= n
		}
	}
	return kept
}

func textSize(v any) int { return len(fmt.Sprint(v)) }

// abridged is a name that is no longer than what is compared of it.
func (n Name) abridged() Name {
	if textSize(n) <= maxNameBytes {
		return n
	}
	return Name{Full: clip(n.Full), Kind: n.Kind, Weak: n.Weak, Script: n.Script}
}

// Abridged is h without what e, the abridged entry, lacks.
func (h Hit) Abridged(e Entry) Hit {
	h.Name, h.MatchedName, h.Programs, h.Reasons = clip(h.Name), clip(h.MatchedName), e.Programs, slices.Clone(h.Reasons)
	for i, r := range h.Reasons {
		h.Reasons[i].Entry, h.Reasons[i].Text = clip(r.Entry), clip(r.Text)
	}
	return h
}
