package server

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"dossier/session"
)

type systemView struct {
	settingsView
	F     Figures
	Lists []session.ListRecord
}

// showSystem answers GET /settings/system: how the installation is, for masters of all companies.
func (s *Server) showSystem(c *fiber.Ctx) error {
	around, err := s.settingsView(c, "system")
	if err != nil {
		return err
	}
	view := systemView{settingsView: around}
	if view.F, err = s.figures(c.UserContext()); err != nil {
		return err
	}
	if view.Lists, err = s.o.Sessions.Lists(actor(c)); err != nil {
		return err
	}
	status := fiber.StatusOK
	if isFragment(c) && !view.Polls() {
		status = stopPolling
	}
	return s.render(c, status, "system", "system", view)
}

// Program is what runs.
func (v systemView) Program() []fact {
	return []fact{
		{Label: "Version", Value: v.Version}, {Label: "Running for", Value: lasting(v.F.Started, v.s.o.Now())},
		{Label: "Sessions", Value: number(v.F.Sessions)}, {Label: "Taken in since the start", Value: number(int(v.F.Created))},
		{Label: "Webhooks waiting", Value: number(v.F.Hooks)},
	}
}

// Index is how far the search index is.
func (v systemView) Index() []fact {
	i := v.F.Index
	state := fact{Label: "State", Value: "Up to date", Tone: "good"}
	switch {
	case i.Building && i.NeedsRebuild:
		state = fact{Label: "State", Value: "Being built", Tone: "bad", Note: number(i.Done) + " of " + number(v.F.Sessions) + " sessions; until it is complete, lists and searches show only part of them"}
	case i.Building:
		state = fact{Label: "State", Value: "Being rebuilt", Tone: "warn", Note: number(i.Done) + " of " + number(v.F.Sessions) + " sessions; searches go on meanwhile"}
	case i.NeedsRebuild:
		state = fact{Label: "State", Value: "Needs a rebuild", Tone: "bad", Note: "It begins by itself; if it does not, the log says why."}
	case i.Backlog > 0:
		state = fact{Label: "State", Value: "Catching up", Tone: "warn"}
	}
	return []fact{state, {Label: "Still to take in", Value: count(i.Backlog, "session", "sessions")},
		{Label: "Sessions found", Value: number(i.Documents)}, {Label: "Parts", Value: number(i.Segments)}, {Label: "Size", Value: bytesOf(i.Bytes)}}
}

// Storage is the database and its disk.
func (v systemView) Storage() []fact {
	d := v.F.Disk
	free := fact{Label: "Free on the disk", Value: bytesOf(d.Free), Tone: "good"}
	switch {
	case d.Free < d.Least:
		free.Tone, free.Note = "bad", "Nothing can be stored until there is room."
	case d.Free < 4*d.Least:
		free.Tone, free.Note = "warn", "Below "+bytesOf(d.Least)+" nothing is stored."
	}
	return []fact{free, {Label: "Records", Value: bytesOf(d.Tree)}, {Label: "Photos and files", Value: bytesOf(d.Values)},
		{Label: "Schema", Value: strconv.Itoa(v.F.Schema)}}
}

// Size is the size of the last backup.
func (v systemView) Size() string { return bytesOf(v.F.Backup.Bytes) }

// Polls reports whether something on the page changes while one looks.
func (v systemView) Polls() bool { return v.F.Index.Building || v.F.Index.Backlog > 0 }

// lasting writes the time since then in its two largest units.
func lasting(since, now time.Time) string {
	if since.IsZero() {
		return unknown
	}
	d := now.Sub(since)
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0:
		return count(days, "day", "days") + ", " + count(hours, "hour", "hours")
	case hours > 0:
		return count(hours, "hour", "hours") + ", " + count(minutes, "minute", "minutes")
	}
	return count(minutes, "minute", "minutes")
}

func bytesOf(n int64) string {
	if n >= 1<<30 {
		return strconv.FormatFloat(float64(n)/(1<<30), 'f', 1, 64) + " GB"
	}
	return size(int(n))
}

// Alarm is what a master of all companies must hear of on every page, or "".
func (f frame) Alarm() string {
	if f.who == nil || !f.May(string(session.MayList)) {
		return ""
	}
	figures, err := f.s.figures(f.ctx)
	switch {
	case err != nil:
		f.s.o.Log.Warn("figures for the banner", "err", err)
	case figures.Damage != "":
		return "The database is damaged."
	case figures.Disk.Least > 0 && figures.Disk.Free < figures.Disk.Least:
		return "The disk is full: nothing can be stored until there is room."
	case !figures.Backup.FailedAt.IsZero():
		return "The last backup failed."
	}
	return ""
}
