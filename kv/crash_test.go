package kv

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"dossier/session"
	"dossier/session/storetest"
)

// crashDir tells the test binary that it is the child that will be killed, and where its database is.
const crashDir = "DOSSIER_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		if err := writeUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeUntilKilled commits sessions from many goroutines, half of them twice and some with a photo, and
// prints each answer.
func writeUntilKilled(dir string) error {
	db, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	fmt.Println("open")
	failed := make(chan error)
	for worker := range 24 {
		go func() {
			for n := worker; ; n += 24 {
				if err := writeOne(db, n); err != nil {
					failed <- err
				}
			}
		}()
	}
	return <-failed
}

// writeOne commits the nth session, and prints its id, version and photo after each answer.
func writeOne(db *DB, n int) error {
	s := storetest.Example(n)
	photo := "-"
	if n%20 == 0 {
		var err error
		if photo, err = db.PutPhoto(context.Background(), crashPhoto(n)); err != nil {
			return err
		}
		s.Photos = []session.Photo{{Kind: session.Selfie, SHA256: photo}}
	}
	for range 1 + n%2 {
		var err error
		e := session.System.Event(s.CreatedAt, session.ActCreated, s.Company, s.ID, nil)
		if s, err = db.Commit(context.Background(), session.Change{Session: &s, Events: []session.Event{e}}); err != nil {
			return err
		}
		fmt.Printf("%s %d %s\n", s.ID, s.Version, photo)
		s.Status = session.Success
	}
	return nil
}

// crashPhoto is between 10 KB and 1 MB, so that some are inline and some take two chunks.
func crashPhoto(n int) []byte {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	data := make([]byte, 10_000+r.IntN(1_000_000))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// TestKill9 kills a writing process at random moments. What it was answered must be there afterwards,
// nothing may be half there, and the audit chain must be whole. DOSSIER_CRASH_ROUNDS asks for more rounds.
func TestKill9(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("DOSSIER_CRASH_ROUNDS"))
	if err != nil {
		rounds = 3
	}
	total := 0
	var dir string
	answered := map[session.ID]answer{}
	for round := range rounds {
		if round%8 == 0 { // the same database crashes eight times
			dir = t.TempDir()
			clear(answered)
		}
		total += crashOnce(t, dir, answered)
		checkAnswered(t, dir, answered)
		if t.Failed() {
			t.Fatalf("in round %d", round+1)
		}
	}
	t.Logf("%d rounds, %d answered writes, none lost", rounds, total)
}

// An answer is the newest version of a session that was answered, and its photo.
type answer struct {
	version int
	photo   string
}

// crashOnce runs the writing process, kills it, and adds what it answered.
func crashOnce(t *testing.T, dir string, answered map[session.ID]answer) (n int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashDir+"="+dir)
	child.Stderr = t.Output()
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("the process did not open the database: %q, %v", lines.Text(), child.Wait())
	}
	time.AfterFunc(time.Duration(50+rand.IntN(1500))*time.Millisecond, func() { child.Process.Kill() })
	for lines.Scan() {
		part := strings.Fields(lines.Text())
		if len(part) != 3 {
			break // cut off by the kill
		}
		version, _ := strconv.Atoi(part[1])
		answered[session.ID(part[0])] = answer{version, part[2]}
		n++
	}
	if child.Wait(); child.ProcessState.Exited() {
		t.Fatalf("the process ended by itself: %v", child.ProcessState)
	}
	return n
}

// checkAnswered opens the database after a crash.
func checkAnswered(t *testing.T, dir string, answered map[session.ID]answer) {
	t.Helper()
	db, err := Open(dir, Options{})
	if err != nil {
		t.Errorf("Open after the crash: %v", err)
		return
	}
	defer db.Close()
	for id, want := range answered {
		s, err := db.Session(t.Context(), id)
		if err != nil || s.Version < want.version {
			t.Errorf("session %s: version %d, %v; version %d was answered", id, s.Version, err, want.version)
		}
		if want.photo == "-" {
			continue
		}
		data, err := db.Photo(t.Context(), want.photo)
		if sum := sha256.Sum256(data); err != nil || hex.EncodeToString(sum[:]) != want.photo {
			t.Errorf("photo %s of %s: %v", want.photo, id, err)
		}
	}
	wholeSessions(t, db)
}

// wholeSessions checks that sessions, their events, marks and open keys belong together, and returns
// how many sessions there are.
func wholeSessions(t *testing.T, db *DB) int {
	t.Helper()
	versions, inProgress, n := 0, 0, 0
	for s, err := range db.All(t.Context(), "") {
		if err != nil {
			t.Errorf("All: %v", err)
			continue
		}
		versions += s.Version
		n++
		if s.Status == session.InProgress {
			inProgress++
		}
	}
	if events := wholeChain(t, db); events != versions {
		t.Errorf("%d events, want %d: one of each version of a session", events, versions)
	}
	marks, err := db.Marks(t.Context(), n+1)
	if err != nil || len(marks) != n {
		t.Errorf("%d marks of %d sessions, %v", len(marks), n, err)
	}
	open, err := db.Unfinished(t.Context(), time.Now().AddDate(1, 0, 0), "", n+1)
	if err != nil || len(open) != inProgress {
		t.Errorf("%d open keys of %d sessions in progress, %v", len(open), inProgress, err)
	}
	return n
}

// wholeChain checks the audit chain and returns its length.
func wholeChain(t *testing.T, db *DB) (n int) {
	t.Helper()
	var chain session.Chain
	for e, err := range db.EachEvent(t.Context()) {
		if err == nil {
			err = chain.Check(e)
		}
		if err != nil {
			t.Errorf("audit chain: %v", err)
			return n
		}
		n++
	}
	return n
}
