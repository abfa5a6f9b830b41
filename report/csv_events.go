package report

import (
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/session"
)

// EventsCSV writes audit events as [CSV] writes sessions. action is what people call one. The hashes are
// those of the chain, so that a row can be held against the log.
func EventsCSV(w io.Writer, events iter.Seq2[session.Event, error], zone *time.Location, action func(code string) string) error {
	header := []string{"No.", "Time (" + zone.String() + ")", "Action", "Action code", "Who", "Actor", "Address", "Company", "Session ID", "Detail", "Hash", "Hash before"}
	return writeCSV(w, header, events, func(e session.Event) []string {
		return []string{strconv.FormatUint(e.Seq, 10), e.At.In(zone).Format("2006-01-02 15:04:05"), action(e.Action), e.Action, e.Name, e.Actor, e.IP,
			e.Company, string(e.Session), eventDetail(e), e.Hash, e.Prev}
	})
}

func eventDetail(e session.Event) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(e.Detail)) {
		parts = append(parts, key+": "+e.Detail[key])
	}
	return strings.Join(parts, " | ")
}
