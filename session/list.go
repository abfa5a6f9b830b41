package session

import (
	"time"

	"dossier/sanctions"
)

// A ListRecord is a list in force, or one that was: where it came from and what it brought.
type ListRecord struct {
	sanctions.ListInfo
	Source   string    `json:"source"`     // URL or file name
	LoadedAt time.Time `json:"loaded_at"`  // when this version came into force
	Checked  time.Time `json:"checked_at"` // when the source last confirmed it; staleness counts from here
	By       string    `json:"by"`
	Problems int       `json:"problems"` // how many records could not be taken as they stood; [Service.ListVersion] has them
	Added    int       `json:"added"`    // against the version before
	Removed  int       `json:"removed"`
	Changed  int       `json:"changed"`
	Raw      int       `json:"raw_bytes"`
	Parser   string    `json:"parser"`                   // version of the reader
	Content  string    `json:"content_sha256,omitempty"` // of the file unpacked: the same however it is compressed
	Address  string    `json:"address,omitempty"`        // that the file came from, or that confirmed it
	ETag     string    `json:"etag,omitempty"`           // of that address, to ask with the next time
	Modified string    `json:"last_modified,omitempty"`

	Retired *Retirement `json:"retired,omitempty"` // where it was taken out of force with nothing in its place

	broken string // why it cannot be compared with; set while loading
}

// A ListVersion is a version of a list that was in force, with the records of its file that could not be taken
// as they stood. Of one that was loaded before these were kept there are none, and Problems counts them.
type ListVersion struct {
	ListRecord
	Found []sanctions.Problem `json:"problems_found"` // the first thousand
}

// A ListCheck is a look at where a list comes from, which found the version in force. With an address it
// has what to ask there with the next time.
type ListCheck struct {
	At                      time.Time
	Address, ETag, Modified string
}

// Confirmed is l after a look at its source.
func (l ListRecord) Confirmed(c ListCheck) ListRecord {
	l.Checked = c.At
	if c.Address != "" {
		l.Address, l.ETag, l.Modified = c.Address, c.ETag, c.Modified
	}
	return l
}

// A Retirement says who took a list out of force, when and why.
type Retirement struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

// StaleAfter is how long a list may go without being refreshed before results say that it is stale.
const StaleAfter = 3 * 24 * time.Hour

// Stale reports whether the list was last confirmed too long before now.
func (l ListRecord) Stale(now time.Time, limit time.Duration) bool {
	return l.broken != "" || now.Sub(l.Checked) > limit
}

// LongAgo is after how long a publication is worth a word. It is no fault: a publisher may have nothing to
// say for weeks, so nothing else follows from it.
const LongAgo = 30 * 24 * time.Hour

// PublishedLongAgo reports whether the list is of a day so long before now that the publisher may well have
// a newer one: an old file that was loaded by hand counts as refreshed, and so does a mirror that is stuck.
func (l ListRecord) PublishedLongAgo(now time.Time) bool {
	return !l.Published.IsZero() && now.Sub(l.Published) > LongAgo
}

// screened is l as a screening names it.
func (l ListRecord) screened(now time.Time, limit time.Duration) ScreenedList {
	return ScreenedList{ID: l.ID, Version: l.Version, Published: l.Published, SHA256: l.SHA256,
		Entries: l.Entries, Stale: l.Stale(now, limit)}
}
