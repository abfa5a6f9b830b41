package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

type doctorCmd struct {
	serveSettings
	JSON bool `help:"Print each finding as a JSON object."`
}

// A finding is what one check of doctor gave.
type finding struct {
	Check  string   `json:"check"`
	Level  level    `json:"level"`
	Text   string   `json:"text"`
	Remedy string   `json:"remedy,omitempty"`
	More   []string `json:"more,omitempty"` // what was found, one by one
}

// A level says how bad a finding is.
type level string

const (
	ok   level = "ok"
	warn level = "warn" // it works, and should be looked at
	fail level = "fail" // it does not work, or data is lost
)

// maxShown is how many details of a finding are printed for people; --json has more of them.
const maxShown = 5

func (f finding) String() string {
	text := fmt.Sprintf("%-5s %-9s %s", f.Level, f.Check, f.Text)
	if f.Remedy != "" {
		text += " → " + f.Remedy
	}
	for i, m := range f.More {
		if i == maxShown {
			text += fmt.Sprintf("\n%16s(and more: --json shows them)", "")
			break
		}
		text += fmt.Sprintf("\n%16s%s", "", m)
	}
	return text
}

// Run looks at the settings and at everything in the data folder, and exits with 1 where anything fails. A
// running server looks at its own database; else the command opens it, and changes nothing in it.
func (c *doctorCmd) Run(env *Env) error {
	failed := 0
	say := func(f finding) error {
		if f.Level == fail {
			failed++
		}
		if c.JSON {
			return printJSON(env, f)
		}
		_, err := fmt.Fprintln(env.Stdout, f)
		return err
	}
	err := c.checkSettings(say)
	if err == nil {
		err = c.checkFolder(say)
	}
	if err == nil {
		err = c.checkUpgrades(say)
	}
	if err == nil {
		err = c.examine(env, say)
	}
	if err == nil && failed > 0 {
		err = fmt.Errorf("%d of the checks failed", failed)
	}
	return err
}

// examine looks at the data, by way of the server if one runs.
func (c *doctorCmd) examine(env *Env, say func(finding) error) error {
	var end struct{}
	err := c.askServer(env.Ctx, "/doctor", func(r io.Reader) error { return eachFinding(r, say) }, &end)
	if !errors.Is(err, errNotRunning) {
		return err
	}
	return c.examineStopped(env, say)
}

func eachFinding(r io.Reader, say func(finding) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var f finding
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			return fmt.Errorf("the server's answer cannot be read: %w", err)
		}
		if err := say(f); err != nil {
			return err
		}
	}
	return lines.Err()
}

// answerDoctor streams findings over the control socket, one JSON object a line.
func (a *appliance) answerDoctor(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Trailer", outcomeTrailer)
	encoder := json.NewEncoder(w)
	e := examination{db: a.db, staleAfter: a.staleAfter, now: a.now, say: func(f finding) error {
		err := encoder.Encode(f)
		if flusher, can := w.(http.Flusher); can {
			flusher.Flush()
		}
		return err
	}}
	if err := e.run(r.Context(), a.checkServing); err != nil {
		a.log.Error("doctor", "err", err)
		panic(http.ErrAbortHandler)
	}
	w.Header().Set(outcomeTrailer, "{}")
}

// checkServing looks at the index of the running server, and whether it has all that the store has.
func (a *appliance) checkServing(ctx context.Context, say func(finding) error) error {
	if err := say(finding{Check: "server", Level: ok, Text: "it runs, version " + Version}); err != nil {
		return err
	}
	s := a.index.Stats()
	backlog, err := a.db.Backlog(ctx)
	if err != nil {
		return err
	}
	n, err := a.db.Count(ctx)
	if err != nil {
		return err
	}
	f := finding{Check: "index", Level: ok, Text: fmt.Sprintf("%d sessions, %d still to be taken in", s.Documents, backlog)}
	switch {
	case s.Building:
		f.Level, f.Text = warn, fmt.Sprintf("it is being rebuilt: %d of %d sessions", s.Done, n)
	case s.NeedsRebuild:
		f.Level, f.Text, f.Remedy = warn, "it needs a rebuild, which the server begins by itself", "read the log if it does not go away"
	case backlog == 0 && s.Documents != n:
		f.Level, f.Text, f.Remedy = fail, fmt.Sprintf("it has %d sessions, the store %d", s.Documents, n), "stop the server and run dossier reindex"
	case backlog > maxBacklog:
		f.Level, f.Remedy = warn, "read the log if the number does not go down"
	}
	return say(f)
}

// maxBacklog is how many sessions may wait for the index before somebody should look.
const maxBacklog = 10_000

// list joins a few words: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
