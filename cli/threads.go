package cli

import (
	"os"
	"runtime"
)

// RunAhead lets the runtime run twice as many goroutines at once as the machine has processors. A goroutine
// that comes back from the disk needs a place among them. With one place a processor it waits for that, when
// many sessions come in, about as long as the disk took, and everybody whose session was synced waits with it.
// GOMAXPROCS takes precedence.
func RunAhead() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.SetDefaultGOMAXPROCS()
		runtime.GOMAXPROCS(2 * runtime.GOMAXPROCS(0))
	}
}
