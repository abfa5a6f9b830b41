package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"

	"dossier/kv"
)

// settingsGroup marks the flags that are settings of the installation: those that the environment and
// the configuration file may hold too.
const settingsGroup = "Settings"

// storeSettings are what every command that touches the data needs.
type storeSettings struct {
	Data          string        `group:"Settings" help:"Data directory." default:"dossier-data" type:"path" placeholder:"DIR"`
	EncryptionKey encryptionKey `group:"Settings" help:"Encrypts everything in the data directory: 32 bytes, in hex or base64. Better as DOSSIER_ENCRYPTION_KEY_FILE than as a flag." placeholder:"KEY"`
	LogLevel      string        `group:"Settings" help:"Log at least: debug, info, warn, error." default:"info" enum:"debug,info,warn,error"`
	StaleAfter    time.Duration `group:"Settings" help:"A list not refreshed for so long is stale." default:"72h"`
	GeoIPFile     string        `group:"Settings" name:"geoip-file" help:"Database (MMDB) that says in which country an address is." type:"path" placeholder:"FILE"`

	upgrade func(db *kv.DB, from, to int) error // what serve does before it changes a database of an older schema
	bulk    bool                                // see [kv.Options] and [index.Options]
	paced   bool                                // see [kv.Options]
}

func (s storeSettings) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil { // the enum lets nothing else through
		level = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}

func isSetting(flag *kong.Flag) bool { return flag.Group != nil && flag.Group.Key == settingsGroup }

// tomlSettings are the keys of one configuration file.
type tomlSettings struct {
	keys map[string]any
}

// fileSettings reads a configuration file, for kong.
func fileSettings(r io.Reader) (kong.Resolver, error) {
	s := tomlSettings{}
	if err := toml.NewDecoder(r).Decode(&s.keys); err != nil {
		var bad *toml.DecodeError
		if errors.As(err, &bad) {
			row, col := bad.Position()
			return nil, fmt.Errorf("configuration file, line %d, column %d: %s", row, col, bad.Error())
		}
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	return s, nil
}

// Validate refuses keys that are no setting, so that a misspelt one is not silently without effect.
func (s tomlSettings) Validate(app *kong.Application) error {
	known := settingNames(app.Node)
	for key, value := range s.keys {
		if !slices.Contains(known, key) {
			return fmt.Errorf("configuration file: there is no setting %q%s", key, nearest(key, known))
		}
		if _, table := value.(map[string]any); table {
			return fmt.Errorf("configuration file: %s must be a value, not a table", key)
		}
	}
	return nil
}

// Resolve returns what the file says of a setting, in the form of a flag. The environment is above it,
// whichever of the two is asked last.
func (s tomlSettings) Resolve(ctx *kong.Context, path *kong.Path, flag *kong.Flag) (any, error) {
	if value, err := (envSettings{}).Resolve(ctx, path, flag); value != nil || err != nil {
		return value, err
	}
	value, ok := s.keys[flag.Name]
	if !ok || !isSetting(flag) {
		return nil, nil
	}
	if list, ok := value.([]any); ok {
		texts := make([]string, len(list))
		for i, v := range list {
			texts[i] = fmt.Sprint(v)
		}
		return strings.Join(texts, ","), nil
	}
	return fmt.Sprint(value), nil
}

// settingNames lists the settings of all commands, each once.
func settingNames(node *kong.Node) []string {
	var names []string
	for _, f := range node.Flags {
		if isSetting(f) {
			names = append(names, f.Name)
		}
	}
	for _, child := range node.Children {
		names = append(names, settingNames(child)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

type configCmd struct {
	serveSettings
}

// Run prints each setting as a line of dossier.toml, with where it comes from.
func (configCmd) Run(env *Env, ctx *kong.Context) error {
	for _, flag := range ctx.Flags() {
		if !isSetting(flag) {
			continue
		}
		value := ctx.FlagValue(flag)
		if flag.Tag.Has("secret") && value != "" {
			value = "(hidden)"
		}
		if _, err := fmt.Fprintf(env.Stdout, "%-20s = %-36s # %s\n", flag.Name, tomlValue(value), origin(ctx, flag)); err != nil {
			return err
		}
	}
	return nil
}

func tomlValue(value any) string {
	switch v := value.(type) {
	case bool, int, float64:
		return fmt.Sprint(v)
	case []string:
		quoted := make([]string, len(v))
		for i, text := range v {
			quoted[i] = fmt.Sprintf("%q", text)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case map[string]string:
		var pairs []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			pairs = append(pairs, key+"="+v[key])
		}
		return tomlValue(pairs)
	}
	return fmt.Sprintf("%q", fmt.Sprint(value))
}

// origin says where a setting got its value.
func origin(ctx *kong.Context, flag *kong.Flag) string {
	name := envName(flag.Name)
	if named(ctx, flag.Name) {
		return "flag"
	}
	for _, n := range []string{name, name + "_FILE"} {
		if _, ok := os.LookupEnv(n); ok {
			return n
		}
	}
	for _, p := range ctx.Path {
		if p.Flag == flag {
			return "file"
		}
	}
	return "default, or " + name
}

// notExist reports whether err says that a file is not there.
func notExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }
