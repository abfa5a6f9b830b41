package cli

import (
	"context"
	"io"
)

// An Env is what a command may touch of the world around it. Tests pass their own.
type Env struct {
	Ctx    context.Context
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
}
