package cli

import (
	"bufio"
	"errors"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

var errLongLine = errors.New("the line is too long")

// readLine returns the next line without its end, at most limit bytes of it. The slice is the
// caller's. At the end of the input it returns io.EOF; what stands there without a line end is a line.
func readLine(r *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > limit; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (len(line) == 0 && !long || !errors.Is(err, io.EOF)):
			return nil, err
		case long:
			return nil, errLongLine
		}
		return trimEnd(line), nil
	}
}

func trimEnd(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}

// newBar shows how far long work is, where a person looks: on a terminal.
func newBar(w io.Writer, size int64, what string) *progressbar.ProgressBar {
	f, isFile := w.(*os.File)
	visible := isFile && term.IsTerminal(int(f.Fd()))
	return progressbar.NewOptions64(size, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(w),
		progressbar.OptionSetVisibility(visible), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
}
