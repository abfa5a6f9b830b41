package cli

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// idleMemory is how much memory the Go runtime may keep for later before it is given back.
const idleMemory = 48 << 20

// giveMemoryBack returns memory to the system when a big job has left much of it unused: the runtime
// itself would keep it for a long time, and the machine is small and has other use for it.
func giveMemoryBack(ctx context.Context) {
	every := time.NewTicker(20 * time.Second)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			if unusedMemory() > idleMemory {
				debug.FreeOSMemory()
			}
		}
	}
}

// unusedMemory is what the runtime holds of the system, less what the last garbage collection found alive.
func unusedMemory() int64 {
	read := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}, {Name: "/memory/classes/metadata/other:bytes"}}
	metrics.Read(read)
	n := func(i int) int64 { return int64(read[i].Value.Uint64()) }
	return n(0) - n(1) - n(2) - n(3) - n(4)
}
