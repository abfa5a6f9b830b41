package cli

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"
)

const (
	// leastLimit is how much memory the runtime may use before it collects garbage more often: an
	// appliance with a million sessions rests at a third of it.
	leastLimit = 256 << 20
	// hardLimit takes its place for a command that works as hard as it can, and ends.
	hardLimit = 512 << 20
	// spare is how much garbage may be made before it is collected, in percent of what is alive: the limit comes
	// first. Fewer collections disturb fewer requests.
	spare = 200
	// idleMemory is how much the runtime may keep for later before it is given back to the system.
	idleMemory = 48 << 20
	// atWork is how much a process that has something to do allocates between two looks at its memory, at least:
	// a server at rest does with a fortieth of it.
	atWork = 8 << 20
)

// hardWork is whether such a command runs.
var hardWork atomic.Bool

// workHard lets more garbage lie than holdMemory otherwise does, from its next look on: collecting it takes a
// tenth of an import.
func workHard() { hardWork.Store(true) }

// holdMemory keeps the memory of the process near what it needs: the runtime itself would let it double
// before it collects garbage, and keep for a long time what a big job has left. The limit grows with what
// is really alive, so that large lists cost memory and no time. GOGC and GOMEMLIMIT take precedence. Memory
// is given back when the work is done: to do so takes a garbage collection, and what is at work asks for it again
// at once.
func holdMemory(ctx context.Context) {
	_, given := os.LookupEnv("GOMEMLIMIT")
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(spare)
	}
	every := time.NewTicker(5 * time.Second)
	defer every.Stop()
	for allocated := int64(0); ; {
		now, least := readMemory(), int64(leastLimit)
		if hardWork.Load() {
			least = hardLimit
		}
		if !given {
			debug.SetMemoryLimit(max(least, now.alive+now.alive/2+64<<20))
		}
		if now.unused > idleMemory && now.allocated-allocated < atWork {
			debug.FreeOSMemory()
		}
		allocated = now.allocated
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// memory says what the runtime holds of the system, in bytes.
type memory struct {
	alive     int64 // found by the last garbage collection, with stacks and the runtime's own
	unused    int64 // the rest
	allocated int64 // since the start
}

func readMemory() memory {
	read := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}, {Name: "/memory/classes/metadata/other:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(read)
	n := func(i int) int64 { return int64(read[i].Value.Uint64()) }
	m := memory{alive: n(2) + n(3) + n(4), allocated: n(5)}
	m.unused = n(0) - n(1) - m.alive
	return m
}
