package kv

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// What Badger warns of and is no matter for the operator is not in a log at its usual level; the rest is.
func TestBadgerLog(t *testing.T) {
	for _, test := range []struct {
		format string
		args   []any
		want   bool
	}{
		{"%s might be too small. Metrics: %s\n", []any{"Block cache", "hit: 31 miss: 3958"}, false},
		{"%s might be too small. Metrics: %s\n", []any{"Index cache", "hit: 31 miss: 3958"}, false},
		{"Cache life expectancy (in seconds): %+v\n", []any{"\n -- Histogram: "}, false},
		{"While running doCompact: %v\n", []any{"no space"}, true},
	} {
		var said bytes.Buffer
		badgerLog{log: slog.New(slog.NewTextHandler(&said, nil))}.Warningf(test.format, test.args...)
		if got := strings.Contains(said.String(), "level=WARN"); got != test.want {
			t.Errorf("%q warns %v, want %v: %s", test.format, got, test.want, said.String())
		}
	}
}
