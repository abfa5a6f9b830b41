// Package cli is the command line: flags, environment and configuration file, the wiring of the parts,
// and their shutdown. Every command is one file.
package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/alecthomas/kong"

	"dossier/session"
)

// Version is what dossier version says; the build sets it.
var Version = "dev"

type commands struct {
	ConfigFile kong.ConfigFlag `name:"config" help:"Configuration file (TOML). Default: dossier.toml here or in /etc/dossier, if there is one." type:"path" placeholder:"FILE"`

	Serve     serveCmd     `cmd:"" help:"Run the back office: pages, API and schedules."`
	Setup     setupCmd     `cmd:"" help:"Make the first company and master, without a browser."`
	Import    importCmd    `cmd:"" help:"Take in sessions with their photos from a file or folder."`
	Export    exportCmd    `cmd:"" help:"Write all sessions out, as NDJSON or CSV."`
	Seed      seedCmd      `cmd:"" help:"Make invented sessions, for trials."`
	MRZ       MRZCmd       `cmd:"" name:"mrz" help:"Check machine readable zones."`
	List      listsCmd     `cmd:"" name:"sanctions" help:"Sanctions lists: load, update, screen, compare."`
	Rescreen  rescreenCmd  `cmd:"" help:"Compare every stored person with the lists in force again."`
	Retention retentionCmd `cmd:"" help:"Erase what was kept long enough, or show with --dry-run what would be."`
	Erase     eraseCmd     `cmd:"" help:"Erase one session, before its date too where its company's settings allow it."`
	RotateKey rotateKeyCmd `cmd:"" help:"Give the encrypted database another key."`
	Reindex   reindexCmd   `cmd:"" help:"Build the search index anew from the store."`
	Backup    backupCmd    `cmd:"" help:"Write everything into one file, while the server runs or not."`
	Restore   restoreCmd   `cmd:"" help:"Make a data folder from a backup."`
	Doctor    doctorCmd    `cmd:"" help:"Look at the settings and at everything stored, and say what is wrong and what to do."`
	Audit     auditCmd     `cmd:"" help:"The audit log."`
	Member    memberCmd    `cmd:"" help:"Who may log in."`
	Key       keyCmd       `cmd:"" help:"API keys."`
	Company   companyCmd   `cmd:"" help:"The companies of this installation and their settings."`
	Config    configCmd    `cmd:"" help:"Show the settings in effect, and where each comes from."`
	Health    healthCmd    `cmd:"" name:"healthcheck" help:"Ask a running server whether it is well."`
	Version   versionCmd   `cmd:"" help:"Show the version."`
}

const description = `Dossier keeps identity-verification sessions, screens every person against sanctions lists, and prints what a regulator asks for.

Every setting can be a flag, an environment variable (DOSSIER_ADDR for --addr; DOSSIER_ADDR_FILE names a file that holds it) or a line of dossier.toml (addr = "…"), in this order.`

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// exited carries an exit code that kong asks for out of its parser.
type exited int

// Run carries out the command that args name and returns the exit code. Errors have been told on
// Stderr by then.
func Run(args []string, env *Env) (code int) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case exited:
			code = int(e)
		default:
			panic(e)
		}
	}()
	var c commands
	parser, err := kong.New(&c,
		kong.Name("dossier"), kong.Description(description), kong.UsageOnError(),
		kong.Writers(env.Stdout, env.Stderr), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.Configuration(fileSettings, defaultConfigFiles()...), kong.Resolvers(envSettings{}),
		kong.DefaultEnvars("DOSSIER"), kong.Vars{"erasure_reasons": erasureReasons()}, kong.ShortUsageOnError(), kong.Bind(env),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		fmt.Fprintln(env.Stderr, "dossier:", err)
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(env.Stderr, "dossier:", err)
		fmt.Fprintln(env.Stderr, "Try: dossier --help")
		return exitUsage
	}
	working, stop := context.WithCancel(env.Ctx)
	defer stop()
	go holdMemory(working)
	if err := ctx.Run(env, parser); err != nil {
		if env.Ctx.Err() != nil && errors.Is(err, context.Canceled) {
			err = errors.New("interrupted before it was done; run it again")
		}
		fmt.Fprintln(env.Stderr, "dossier:", tell(err))
		return exitError
	}
	return exitOK
}

// tell says an error to whoever runs the command: the message, and the cause where it helps.
func tell(err error) string {
	var e *session.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := e.Message
	if len(e.Fields) > 1 {
		for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
			text += fmt.Sprintf("\n  %s: %s", name, e.Fields[name])
		}
	}
	if e.Code == session.Internal && e.Err != nil {
		text += fmt.Sprintf(" (%v)", e.Err)
	}
	return text
}

func defaultConfigFiles() []string {
	var there []string
	for _, path := range []string{"/etc/dossier/dossier.toml", "dossier.toml"} {
		if _, err := os.Stat(path); err == nil {
			there = append(there, path)
		}
	}
	return there
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(env *Env) error {
	_, err := fmt.Fprintln(env.Stdout, "dossier", Version)
	return err
}
