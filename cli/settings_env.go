package cli

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// envPrefix starts the name of every environment variable that is meant for us.
const envPrefix = "DOSSIER_"

// envName is the environment variable of a setting: data → DOSSIER_DATA.
func envName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// envSettings takes settings from the environment.
type envSettings struct{}

// Validate refuses variables that are no setting, so that a misspelt one is not silently without effect.
func (envSettings) Validate(app *kong.Application) error {
	known := envNames(app.Node)
	for _, pair := range slices.Sorted(slices.Values(os.Environ())) {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, envPrefix) && !slices.Contains(known, name) && !ofCluster(name, value) {
			return fmt.Errorf("environment: there is no setting %s%s", name, nearest(name, known))
		}
	}
	return nil
}

// clusterPort matches what a cluster says of a port, such as DOSSIER_PORT_8080_TCP_ADDR.
var clusterPort = regexp.MustCompile(`^DOSSIER_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)

// ofCluster reports whether a variable is one of those that Kubernetes gives to every container where a
// service is called dossier: nobody wrote them, and they must not keep us from starting.
func ofCluster(name, value string) bool {
	return clusterPort.MatchString(name) || name == "DOSSIER_PORT" && strings.Contains(value, "://")
}

// Resolve returns DOSSIER_X, or the content of the file that DOSSIER_X_FILE names.
func (envSettings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !isSetting(flag) {
		return nil, nil
	}
	name := envName(flag.Name)
	if value, ok := os.LookupEnv(name); ok {
		return value, nil
	}
	path, ok := os.LookupEnv(name + "_FILE")
	if !ok {
		return nil, nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(content)), nil
}

// envNames lists the variables that any command reads.
func envNames(node *kong.Node) []string {
	var names []string
	for _, f := range node.Flags {
		names = append(names, f.Envs...)
		if isSetting(f) {
			names = append(names, envName(f.Name)+"_FILE")
		}
	}
	for _, child := range node.Children {
		names = append(names, envNames(child)...)
	}
	return names
}

// nearest says which of the known names somebody may have meant, for the end of an error.
func nearest(name string, known []string) string {
	best, fewest := "", len(name)/3+1
	for _, k := range known {
		if n := edits(name, k); n < fewest {
			best, fewest = k, n
		}
	}
	if best == "" {
		return "; dossier config lists them"
	}
	return "; did you mean " + best + "? dossier config lists them"
}

// edits counts the letters to insert, remove or replace that make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			same := corner
			if a[i] != b[j] {
				same++
			}
			corner = row[j+1]
			row[j+1] = min(same, corner+1, row[j]+1)
		}
	}
	return row[len(b)]
}
