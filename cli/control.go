package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// A running server holds the data folder, and yet backup and doctor must be able to look at it. They ask
// the server over a socket beside the database. Only the user that the server runs as can open it: the
// folder is that user's alone, and so is the socket.

// socket is the path of the control socket.
func (s storeSettings) socket() string { return filepath.Join(s.storeDir(), "control") }

// outcomeTrailer is what stands behind an answer that is whole: JSON of what the server has to say of it.
const outcomeTrailer = "Dossier-Outcome"

// control answers on the socket until stop is called, which ends what is under way. Without a socket the
// server serves all the same: its path may be too long, or the disk of a kind that has none.
func (a *appliance) control(path string) (stop func()) {
	if err := os.Remove(path); err != nil && !notExist(err) { // of a server that was killed: we hold the lock
		a.log.Warn("the old control socket cannot be removed", "path", path, "err", err)
	}
	listener, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		a.log.Warn("no control socket: backup and doctor cannot ask this server", "path", path, "err", err)
		return func() {}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /backup", a.answerBackup)
	mux.HandleFunc("GET /doctor", a.answerDoctor)
	ctx, cancel := context.WithCancel(context.Background())
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("the control socket", "err", err)
		}
	}()
	return func() {
		cancel()
		if err := web.Close(); err != nil {
			a.log.Error("the control socket", "err", err)
		}
		<-served
	}
}

// errNotRunning says that no server holds the data folder.
var errNotRunning = errors.New("no server runs on the data folder")

// askServer asks the server that holds the data folder, hands its answer to read, and decodes the outcome.
// It returns errNotRunning where there is none.
func (s storeSettings) askServer(ctx context.Context, path string, read func(io.Reader) error, outcome any) error {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", s.socket())
		}}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://dossier"+path, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	switch {
	case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EINVAL):
		return errNotRunning
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("the data folder belongs to another user: run this as the user that Dossier runs as")
	case err != nil:
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(res.Body, 4<<10))
		return fmt.Errorf("the server says: %s", said)
	}
	if err := read(res.Body); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(res.Trailer.Get(outcomeTrailer)), outcome); err != nil {
		return fmt.Errorf("the server did not finish its answer; its log says why")
	}
	return nil
}
