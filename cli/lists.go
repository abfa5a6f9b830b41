package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dossier/fetch"
	"dossier/session"
)

type listsCmd struct {
	Load     listsLoadCmd         `cmd:"" help:"Bring list files into force."`
	Update   listsUpdateCmd       `cmd:"" help:"Fetch lists from their sources."`
	Status   listsStatusCmd       `cmd:"" help:"Show the lists in force, one JSON object a line."`
	Sources  listsSourcesCmd      `cmd:"" help:"Show where lists are published, and which are fetched, one JSON object a line."`
	Replay   listsReplayCmd       `cmd:"" help:"Repeat the screenings of a session with the lists of their day, and say whether they come out the same."`
	Report   listsReportCmd       `cmd:"" help:"Write the screening report of a period or of a run."`
	Retire   listsRetireCmd       `cmd:"" help:"Take a list out of force with nothing in its place."`
	Screen   SanctionsScreenCmd   `cmd:"" help:"Compare persons of a CSV file with list files. Needs no database."`
	Compare  SanctionsCompareCmd  `cmd:"" help:"Score pairs of names."`
	Evaluate SanctionsEvaluateCmd `cmd:"" help:"Measure the matcher on labelled pairs, or on persons who are and are not listed."`
}

// sourceSettings say how lists are fetched and webhooks told: what goes out to other servers.
type sourceSettings struct {
	ListSource  []string      `group:"Settings" help:"Lists that are fetched: un_sc from where it is published (dossier sanctions sources shows that), un_sc=https://… from elsewhere. May be repeated." placeholder:"LIST[=URL]"`
	ListProxy   string        `group:"Settings" help:"HTTP proxy for fetching lists." placeholder:"URL"`
	ListPrivate bool          `group:"Settings" help:"Let list sources be on the private network."`
	ListTimeout time.Duration `group:"Settings" help:"How long the fetch of one list may take, all tries together." default:"10m"`
	ListTries   int           `group:"Settings" help:"How often a list is asked for before the fetch counts as failed." default:"5"`
	ListMax     int           `group:"Settings" help:"The largest list file that is taken, in MB." default:"256"`
	HookPrivate bool          `group:"Settings" help:"Let webhooks go to the private network."`
}

type listsLoadCmd struct {
	storeSettings
	Files []string `arg:"" help:"List files, gzipped or not, or folders of them; the OFAC CSV set is its folder, or its files." type:"existingpath"`
	List  string   `help:"List id, where the content does not tell." placeholder:"ID"`
	Force bool     `help:"Take it although it is much smaller or older than the one in force, or has other entries."`
}

// listResult is what load and update print of a list.
type listResult struct {
	List      string    `json:"list"`
	Version   string    `json:"version"`
	Published time.Time `json:"published,omitzero"`
	SHA256    string    `json:"sha256"`
	Entries   int       `json:"entries"`
	Added     int       `json:"added"`
	Removed   int       `json:"removed"`
	Changed   int       `json:"changed"`
	Problems  int       `json:"problems"`
	Same      bool      `json:"same,omitempty"` // it was in force already
}

func resultOf(c session.ListChange) listResult {
	r := c.Record
	if c.Same {
		r.Added, r.Removed, r.Changed = 0, 0, 0
	}
	return listResult{List: r.ID, Version: r.Version, Published: r.Published, SHA256: r.SHA256, Entries: r.Entries,
		Added: r.Added, Removed: r.Removed, Changed: r.Changed, Problems: r.Problems, Same: c.Same}
}

// Run loads each file, then re-screens everybody against what changed.
func (c *listsLoadCmd) Run(env *Env) error {
	files, err := toArchive(c.Files)
	if err != nil {
		return err
	}
	if c.List != "" && len(files) > 1 {
		return fmt.Errorf("--list names one list, and these are %d files: load them one by one", len(files))
	}
	return c.with(env, func(ctx context.Context, a *appliance) error {
		encoder := json.NewEncoder(env.Stdout)
		var failed error
		for _, f := range files {
			change, err := session.ListChange{}, f.err
			if err == nil {
				change, err = a.sessions.UpdateList(ctx, session.System, session.ListUpdate{List: c.List, Source: f.name, Raw: f.raw, Force: c.Force})
			}
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %s", f.name, tell(err)))
				continue
			}
			tellProblems(env, change)
			if err := encoder.Encode(resultOf(change)); err != nil {
				return err
			}
		}
		return errors.Join(failed, a.sessions.Drain(ctx))
	})
}

// tellProblems says which records of a list were left out or taken in part, and when the list is an old one.
func tellProblems(env *Env, c session.ListChange) {
	if r := c.Record; r.PublishedLongAgo(time.Now()) {
		fmt.Fprintf(env.Stderr, "%s: published on %s, %d days ago: make sure that the publisher has nothing newer\n", r.ID, r.Published.UTC().Format(time.DateOnly), int(time.Since(r.Published).Hours()/24))
	}
	const most = 10
	for i, p := range c.Problems {
		if i == most {
			fmt.Fprintf(env.Stderr, "%s: and %d more, on the page of this version of the list\n", c.Record.ID, c.Record.Problems-most)
			return
		}
		fmt.Fprintf(env.Stderr, "%s: entry %q, line %d: %s\n", c.Record.ID, p.Entry, p.Line, p.Text)
	}
}

// A listFile is a file as it goes into the archive, or why it cannot.
type listFile struct {
	name string
	raw  []byte
	err  error
}

// toArchive reads the files, and those in folders; those of the OFAC CSV set become one archive. One that
// cannot be read holds up none of the others.
func toArchive(paths []string) ([]listFile, error) {
	var all []listFile
	set := map[string][]byte{}
	for _, path := range paths {
		files := []string{path}
		if info, err := os.Stat(path); err != nil {
			return nil, err
		} else if info.IsDir() {
			names, err := listFiles(path)
			if err != nil {
				return nil, err
			}
			files = nil
			for _, name := range names {
				files = append(files, filepath.Join(path, name))
			}
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if name := session.SetPart(filepath.Base(file)); name != "" && err == nil {
				set[name] = raw
			} else {
				all = append(all, listFile{filepath.Base(file), raw, err})
			}
		}
	}
	if len(set) > 0 {
		raw, err := session.PackSet(set)
		all = append(all, listFile{"ofac-sdn-csv.zip", raw, err})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there is no list file in %v", paths)
	}
	return all, nil
}

type listsUpdateCmd struct {
	storeSettings
	sourceSettings
	List string `help:"Only this list." placeholder:"ID"`
}

// Run fetches the lists that have a source.
func (c *listsUpdateCmd) Run(env *Env) error {
	if len(c.ListSource) == 0 {
		return fmt.Errorf("no list has a source: give --list-source un_sc, or load files with dossier sanctions load")
	}
	return c.storeSettings.withSources(env, c.sourceSettings, func(ctx context.Context, a *appliance) error {
		encoder := json.NewEncoder(env.Stdout)
		var failed error
		ids := slices.Sorted(maps.Keys(a.sessions.Sources()))
		if c.List != "" {
			ids = []string{c.List}
		}
		for _, id := range ids {
			change, err := a.sessions.RefreshList(ctx, session.System, id)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %s", id, tell(err)))
				continue
			}
			tellProblems(env, change)
			if err := encoder.Encode(resultOf(change)); err != nil {
				return err
			}
		}
		return errors.Join(failed, a.sessions.Drain(ctx))
	})
}

// fetcher returns what gets lists from their sources.
func (c sourceSettings) fetcher() (session.Fetcher, error) {
	if c.ListTries < 0 || c.ListMax < 0 || c.ListTimeout < 0 {
		return nil, fmt.Errorf("list-tries, list-max and list-timeout must be above 0")
	}
	return fetch.New(fetch.Options{Proxy: c.ListProxy, AllowPrivate: c.ListPrivate, Timeout: c.ListTimeout, Tries: c.ListTries, MaxBytes: int64(c.ListMax) << 20})
}

// sources are the addresses of the lists that are fetched.
func (c sourceSettings) sources() (map[string]string, error) {
	sources, err := session.ParseSources(c.ListSource)
	if err != nil {
		return nil, fmt.Errorf("list-source: %w", err)
	}
	return sources, nil
}

type listsSourcesCmd struct{ sourceSettings }

// Run shows where each list is published, and whether it is fetched, one JSON object a line.
func (c *listsSourcesCmd) Run(env *Env) error {
	on, err := c.sources()
	if err != nil {
		return err
	}
	ids := session.KnownLists()
	for _, id := range slices.Sorted(maps.Keys(on)) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		source := struct {
			List      string `json:"list"`
			Published string `json:"published_at,omitempty"`
			Fetched   string `json:"fetched_from,omitempty"`
		}{id, session.DefaultSource(id), on[id]}
		if err := printJSON(env, source); err != nil {
			return err
		}
	}
	return nil
}

type listsReplayCmd struct {
	storeSettings
	Session string `arg:"" help:"Session id."`
}

// Run prints one JSON object a screening, newest first, and fails when one comes out otherwise.
func (c *listsReplayCmd) Run(env *Env) error {
	id, err := session.ParseID(c.Session)
	if err != nil {
		return err
	}
	return c.with(env, func(ctx context.Context, a *appliance) error {
		replays, err := a.sessions.Replay(ctx, session.System, id)
		if err != nil {
			return err
		}
		others := 0
		for _, r := range replays {
			if err := printJSON(env, r); err != nil {
				return err
			}
			if !r.Same {
				others++
			}
		}
		if others > 0 {
			return fmt.Errorf("%d of %d screenings do not come out the same: see \"differences\" and \"problem\"", others, len(replays))
		}
		return nil
	})
}

type listsRetireCmd struct {
	storeSettings
	List   string `arg:"" help:"List id."`
	Reason string `required:"" help:"Why, for the record."`
}

// Run takes the list out of force, then its hits from everybody.
func (c *listsRetireCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		record, err := a.sessions.RetireList(ctx, session.System, c.List, c.Reason)
		if err != nil {
			return err
		}
		return errors.Join(printJSON(env, record), a.sessions.Drain(ctx))
	})
}

type listsStatusCmd struct{ storeSettings }

// Run shows the lists in force.
func (c *listsStatusCmd) Run(env *Env) error {
	return c.with(env, func(ctx context.Context, a *appliance) error {
		records, err := a.sessions.Lists(session.System)
		if len(records) == 0 {
			fmt.Fprintln(env.Stderr, "no list is in force, so nobody is screened: dossier sanctions load FILE brings one")
		}
		encoder := json.NewEncoder(env.Stdout)
		now := time.Now()
		for _, r := range records {
			err = errors.Join(err, encoder.Encode(struct {
				session.ListRecord
				Stale    bool    `json:"stale"`
				LongAgo  bool    `json:"published_long_ago"`
				AgeHours float64 `json:"age_hours"` // since the source last confirmed it
			}{r, r.Stale(now, c.StaleAfter), r.PublishedLongAgo(now), now.Sub(r.Checked).Hours()}))
		}
		return err
	})
}
