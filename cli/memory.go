package cli

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// leastLimit is how much memory the runtime may use before it collects garbage more often: an
	// appliance with a million sessions rests at a third of it.
	leastLimit = 256 << 20
	// idleMemory is how much the runtime may keep for later before it is given back to the system.
	idleMemory = 48 << 20
)

// holdMemory keeps the memory of the process near what it needs: the runtime itself would let it double
// before it collects garbage, and keep for a long time what a big job has left. The limit grows with what
// is really alive, so that large lists cost memory and no time. GOMEMLIMIT takes precedence.
func holdMemory(ctx context.Context) {
	_, given := os.LookupEnv("GOMEMLIMIT")
	every := time.NewTicker(5 * time.Second)
	defer every.Stop()
	for {
		now := readMemory()
		if !given {
			debug.SetMemoryLimit(max(leastLimit, now.alive+now.alive/2+64<<20))
		}
		if now.unused > idleMemory {
			debug.FreeOSMemory()
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// memory says what the runtime holds of the system, in bytes.
type memory struct {
	alive  int64 // found by the last garbage collection, with stacks and the runtime's own
	unused int64 // the rest
}

func readMemory() memory {
	read := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}, {Name: "/memory/classes/metadata/other:bytes"}}
	metrics.Read(read)
	n := func(i int) int64 { return int64(read[i].Value.Uint64()) }
	m := memory{alive: n(2) + n(3) + n(4)}
	m.unused = n(0) - n(1) - m.alive
	return m
}
