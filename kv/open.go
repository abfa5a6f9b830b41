package kv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/oklog/ulid/v2"

	"dossier/session"
	"dossier/staff"
)

var (
	_ session.Store = (*DB)(nil)
	_ staff.Store   = (*DB)(nil)
)

// A DB is an open database. It is safe for use by several goroutines.
type DB struct {
	badger     *badger.DB
	writer     *writer
	current    current
	space      *space
	gate       *gate
	lock       io.Closer
	pace       *pace // nil where merges go as fast as they can
	log        *slog.Logger
	now        func() time.Time
	marks      markFloor
	fresh      *fresh
	known      known
	bulk       bool
	confirmed  lastConfirmed
	farLook    int // events, see [DB.Events]
	rows       *memo[ulid.ULID, session.Row]
	openAlerts *memo[string, int]
	members    *memo[string, []staff.Member] // only under allMembers

	passing   passing
	uploads   uploads
	purging   sync.Mutex      // one collection of garbage or purge at a time
	soundLogs map[string]bool // files of the value log that can be read to their end; guarded by purging
}

// Options of [Open]. The zero value is fit for production.
type Options struct {
	Memory bool             // nothing on disk, for tests; dir is not looked at
	Logger *slog.Logger     // nil is silent
	Now    func() time.Time // nil is time.Now
	// Upgrade is called before a database of an older schema is changed; an error keeps it as it is.
	Upgrade func(db *DB, from, to int) error
	AsIs    bool   // leave the tables and an older schema as they are, for a backup or a look: little may be written
	Bulk    bool   // for very many changes and little else, see bulkProfile
	Paced   bool   // merging leaves room for requests, see pace
	Key     []byte // KeySize bytes: everything on disk is encrypted; nil is in plain text
	small   bool   // files are small, for tests that fill them
	pace    *pace  // where Paced
	MinFree int64  // bytes of disk that stay free: below, writes are refused; 0 is a twentieth of the disk, 64 to 256 MB
}

// Badger's profile for one small machine, from trials: about 120 MB of memory, group commits of up to
// 1 MB, photos in the value log and all else in the tree.
const (
	memTableSize   = 7 << 20
	tableSize      = 512 << 10 // on disk, see profile
	mostUnmerged   = 3         // tables of the topmost level: writers wait then
	valueThreshold = 64 << 10
	// largestInMemory is Badger's limit for values where there is no value log.
	largestInMemory = 1 << 20
	valueLogSize    = 256 << 20
	blockSize       = 16 << 10  // compressed as one: half the disk and less work than 4 KB, a read is no slower
	chunkSize       = 512 << 10 // of photos and raw lists
)

// Open opens the database in dir, which it makes if it is not there. It refuses a directory that another
// process uses, one whose files are damaged, a newer database, and a full disk, each with a
// *session.Error that says what to do. Close it.
func Open(dir string, o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	db := &DB{gate: newGate(), fresh: &fresh{kept: map[ulid.ULID]session.Session{}}, bulk: o.Bulk, log: o.logger(), now: o.Now, lock: io.NopCloser(nil), farLook: farLook,
		soundLogs: map[string]bool{}, rows: newMemo[ulid.ULID, session.Row](keptRows), openAlerts: newMemo[string, int](keptCounts),
		members: newMemo[string, []staff.Member](1)}
	db.space = &space{}
	var found tables
	var err error
	if !o.Memory {
		if found, err = db.prepare(dir, o); err != nil {
			return nil, err
		}
	}
	if o.Paced {
		o.pace = newPace()
	}
	if db.badger, err = openBadger(dir, found, o); err != nil {
		return nil, errors.Join(explainOpen(dir, err), db.lock.Close())
	}
	db.pace = o.pace
	db.space.start()
	db.current.badger = db.badger
	db.writer = db.startWriter(o)
	if err := db.finishAhead(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.migrate(context.Background(), dir, found.all, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if o.Bulk {
		if err := db.learn(); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	if !o.AsIs {
		if err := db.finishErasures(context.Background()); err != nil { // on a full disk; reading goes on, and SweepPhotos tries again
			db.log.Error("what is left of erased sessions is still there", "err", err)
		}
	}
	db.pace.hold(db.badger)
	return db, nil
}

func (o Options) logger() *slog.Logger {
	if o.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Logger
}

// prepare makes and locks the directory and looks at its disk and its files. It returns which tables
// there are.
func (db *DB) prepare(dir string, o Options) (found tables, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return found, fmt.Errorf("kv: make the data directory: %w", err)
	}
	f, err := lock(dir)
	if err != nil {
		return found, err
	}
	db.lock = f
	if db.space, err = openSpace(dir, o.MinFree, db.log); err == nil {
		found, err = db.checkFolder(dir, o.Key)
	}
	if err != nil {
		return found, errors.Join(err, f.Close())
	}
	return found, nil
}

// checkFolder looks at the key and at the files.
func (db *DB) checkFolder(dir string, key []byte) (found tables, err error) {
	ring, err := openKeys(dir, key)
	if err != nil {
		return found, err
	}
	defer ring.close()
	if found, err = checkFiles(dir, ring); err != nil {
		return found, err
	}
	if err := checkMemoryLogs(dir, ring); err != nil {
		return found, err
	}
	if err := dropDiscard(dir); err != nil {
		return found, fmt.Errorf("kv: %w", err)
	}
	damage, err := keepValues(dir, ring)
	if damage != nil {
		db.log.Error("the value log is damaged; what can be read behind the damage is kept. Run dossier doctor", "err", damage)
	}
	return found, err
}

// profile is how Badger is run. Its memory under heavy writes is that of the tables that compactions have
// in the making, up to 26 at once, each of which takes ten and more times its size on disk: as blocks, as
// room for their compressed form, and rounded up. So tables are small on every level, and writers wait
// before level 0 has the four tables from which Badger would make one of a quarter of a gigabyte.
func profile(dir string, o Options) badger.Options {
	b := badger.DefaultOptions(dir).WithLogger(badgerLog{log: o.logger(), pace: o.pace}).WithMetricsEnabled(false).
		WithSyncWrites(true).WithDetectConflicts(false).
		WithCompression(options.ZSTD).WithZSTDCompressionLevel(1).WithBlockSize(blockSize).
		WithChecksumVerificationMode(options.OnBlockRead).
		WithMemTableSize(memTableSize).WithNumMemtables(2).WithNumCompactors(2).
		WithBaseTableSize(tableSize).WithNumLevelZeroTables(2).WithNumLevelZeroTablesStall(mostUnmerged).
		WithBlockCacheSize(32 << 20).WithIndexCacheSize(16 << 20).
		WithValueThreshold(valueThreshold).WithValueLogFileSize(valueLogSize)
	b.TableSizeMultiplier = 1
	if o.Bulk {
		b = bulkProfile(b)
	}
	if len(o.Key) > 0 {
		b = b.WithEncryptionKey(o.Key)
	}
	if o.AsIs { // merging loses what stands behind a damage in a table, so a look at it must not begin that
		b = b.WithNumCompactors(0).WithNumLevelZeroTablesStall(math.MaxInt)
	}
	if o.small {
		b = b.WithMemTableSize(memTableSize / 4).WithValueLogFileSize(valueLogSize / 64)
	}
	if o.Memory { // there is no value log in memory: the chunks of photos must pass as they are
		b = b.WithDir("").WithValueDir("").WithInMemory(true).WithSyncWrites(false).WithValueThreshold(largestInMemory).WithMemTableSize(32 << 20)
	}
	return b
}

// explainOpen turns what Badger says of a database that it cannot open into what the operator can do.
func explainOpen(dir string, err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "directory lock"):
		return unavailable("kv.Open", fmt.Sprintf("Another process is using %s. Stop it first, or name another data directory.", dir), err)
	case strings.Contains(text, "permission denied"):
		return unavailable("kv.Open", fmt.Sprintf("The data directory %s may not be written by this user.", dir), err)
	}
	return damagedFiles(dir, text, err)
}

// Close answers the changes that wait, ends the goroutines and closes the files. Walks through the
// database under way end early with an error. Closing twice is no error.
func (db *DB) Close() error {
	if !db.gate.close() {
		return nil
	}
	db.pace.release()
	db.writer.stop()
	err := db.badger.Close()
	db.space.close() // Close flushes: the reserve is watched until then
	return errors.Join(err, db.lock.Close())
}

// Writable returns why nothing can be stored at the moment, or nil.
func (db *DB) Writable(ctx context.Context) error {
	if cause := db.writer.broken.Load(); cause != nil {
		return unavailable("kv.Writable", "Nothing can be stored since the database failed. Restart Dossier.", *cause)
	}
	return explain("kv.Writable", db.update(ctx, "kv.Writable", func(*tx) error { return db.space.check(0) }))
}

// CollectGarbage gives back the room of deleted and replaced values in the value log. It is meant for
// a schedule, once a day or so.
func (db *DB) CollectGarbage(ctx context.Context) error {
	if !db.gate.enter() {
		return closing("kv.CollectGarbage")
	}
	defer db.gate.leave()
	db.purging.Lock()
	defer db.purging.Unlock()
	return explain("kv.CollectGarbage", db.rewriteLogs(ctx, 0.5))
}

// Size returns the bytes of the tree and of the value log on disk. Badger itself counts them only with
// its metrics on, and once a minute.
func (db *DB) Size() (tree, values int64) {
	dir := db.badger.Opts().Dir
	if dir == "" {
		return 0, 0
	}
	for _, level := range db.badger.Levels() { // to ask the disk of some thousand tables takes 15 ms, and pages ask every two seconds
		tree += level.Size
	}
	logs, _ := filepath.Glob(filepath.Join(dir, "*.vlog")) // the pattern is ours
	for _, log := range logs {                             // they come and go, and one that is gone counts nothing
		values += taken(log)
	}
	return tree, values
}

// badgerLog passes on what Badger has to say. Its Info is for Badger's developers.
type badgerLog struct {
	log  *slog.Logger
	pace *pace
}

func (l badgerLog) Errorf(format string, args ...any) { l.log.Error("badger: " + line(format, args)) }
func (l badgerLog) Infof(format string, args ...any)  { l.log.Debug("badger: " + line(format, args)) }
func (l badgerLog) Debugf(format string, _ ...any)    { l.pace.heard(format) }

// Warningf warns, save of what a walk through everything always brings about: it reads each block once,
// which is no use to the caches, and Badger advises larger ones. They are small on purpose, see profile.
func (l badgerLog) Warningf(format string, args ...any) {
	level, text := slog.LevelWarn, line(format, args)
	if strings.Contains(text, "cache might be too small") || strings.HasPrefix(text, "Cache life expectancy") {
		level = slog.LevelDebug
	}
	l.log.Log(context.Background(), level, "badger: "+text)
}

func line(format string, args []any) string {
	return strings.TrimSpace(fmt.Sprintf(format, args...))
}
