package kv

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"time"

	"github.com/klauspost/compress/zstd"

	"dossier/session"
)

// A backup is everything in the database at one moment, as one stream that can be piped:
//
//	"DOSSIER BACKUP 1\n"     what it is, and the version of this form
//	JSON of Backup and "\n"  what it holds
//	one Zstandard frame      records in order of their keys, then the end
//
// A record is the length of the key, the key, the second in which it expires (0 is never), the length of
// the value and the value; the end is a length of 0, the number of records and 32 bytes: the SHA-256 of
// both lines and of all records. Numbers are varints. A stream without that end is no backup, so one that
// was cut off anywhere or changed anywhere is refused.
const backupMagic = "DOSSIER BACKUP 1\n"

// Limits of what a backup may hold, so that a forged one costs no more than its size.
const (
	maxBackupHead   = 64 << 10
	maxBackupKey    = 60 << 10
	maxBackupValue  = 64 << 20
	backupWindow    = 4 << 20 // of the compression
	backupFlushSize = 256 << 10
)

// A Backup says what one holds.
type Backup struct {
	Created  time.Time `json:"created"`
	Program  string    `json:"program"` // the version of Dossier that made it
	Schema   int       `json:"schema"`
	Sessions int       `json:"sessions"`
	Events   int       `json:"events"` // of the audit log

	Records int64 `json:"records,omitempty"` // known at the end
	Bytes   int64 `json:"bytes,omitempty"`   // of keys and values, known at the end
	Damaged int64 `json:"damaged,omitempty"` // damages of the database: what can still be read is in it as it is
}

// Backup writes everything as it is now to w, while others read and write. program is the version that
// writes it. What is damaged or missing is counted and logged, and what is there written as it is: a backup
// that leaves the rest out would be worse.
func (db *DB) Backup(ctx context.Context, w io.Writer, program string) (b Backup, err error) {
	const op = "kv.Backup"
	to := &target{w: w}
	err = db.view(ctx, op, func(s snapshot) error {
		if b, err = db.backupHead(s, op, program); err != nil {
			return err
		}
		out, err := newBackupWriter(to, b)
		if err != nil {
			return err
		}
		if err := errors.Join(db.writeRecords(ctx, op, s, out, &b), out.compressed.Close()); err != nil {
			return err
		}
		if err := db.checkTables(op); err != nil {
			b.note(db.log, err)
		}
		b.Records, b.Bytes = out.records, out.bytes
		return nil
	})
	if to.err != nil { // the database is not to blame
		return b, fmt.Errorf("write the backup: %w", to.err)
	}
	return b, err
}

// A target remembers why it could not be written.
type target struct {
	w   io.Writer
	err error
}

func (t *target) Write(p []byte) (n int, err error) {
	if t.err == nil {
		n, t.err = t.w.Write(p)
	}
	return n, t.err
}

func (db *DB) backupHead(s snapshot, op, program string) (b Backup, err error) {
	schema, err := getNumber(s, schemaKey)
	if err != nil {
		return b, err
	}
	sessions, err := counter(s, countKey)
	if err != nil {
		return b, err
	}
	end, err := lastLink(s, op)
	return Backup{Created: db.now().UTC().Truncate(time.Second), Program: program, Schema: int(schema),
		Sessions: int(sessions), Events: int(end.Seq)}, err
}

// note counts a damage.
func (b *Backup) note(log *slog.Logger, err error) {
	b.Damaged++
	log.Error("the database is damaged, and so is what the backup holds", "err", err)
}

// writeRecords writes all records and the end.
func (db *DB) writeRecords(ctx context.Context, op string, s snapshot, out *backupWriter, b *Backup) error {
	met := map[byte]uint64{}
	for k, item := range s.scan(span{}) {
		met[k[0]]++
		err := item.Value(func(value []byte) error {
			if b.Schema == len(migrations) && checkValue(k, value) != nil {
				b.note(db.log, damaged(op, k, errDamaged))
			}
			return out.record(k, value, item.ExpiresAt())
		})
		if err != nil {
			return err
		}
		if out.records%1024 == 0 {
			if err := db.walkEnded(ctx, op); err != nil {
				return err
			}
		}
	}
	if err := s.compare(op, met); err != nil {
		b.note(db.log, err)
	}
	return out.end()
}

// checkValue looks at one value by itself, where it is sealed.
func checkValue(k, value []byte) error {
	if !isSealed(k) {
		return nil
	}
	_, err := unseal(k, value)
	return err
}

// A backupWriter writes records to a compressed stream and sums them up.
type backupWriter struct {
	compressed *zstd.Encoder
	buffered   *bufio.Writer // over compressed and sum
	sum        hash.Hash
	records    int64
	bytes      int64
	head       []byte
}

func newBackupWriter(w io.Writer, b Backup) (*backupWriter, error) {
	head, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("kv: backup: %w", err)
	}
	out := &backupWriter{sum: sha256.New()}
	lines := append([]byte(backupMagic), append(head, '\n')...)
	out.sum.Write(lines) // never fails
	if _, err := w.Write(lines); err != nil {
		return nil, fmt.Errorf("kv: backup: %w", err)
	}
	out.compressed, err = zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(backupWindow))
	if err != nil {
		return nil, fmt.Errorf("kv: backup: %w", err)
	}
	out.buffered = bufio.NewWriterSize(io.MultiWriter(out.sum, out.compressed), backupFlushSize)
	return out, nil
}

func (w *backupWriter) record(key, value []byte, expires uint64) error {
	w.head = binary.AppendUvarint(w.head[:0], uint64(len(key)))
	w.head = append(w.head, key...)
	w.head = binary.AppendUvarint(w.head, expires)
	w.head = binary.AppendUvarint(w.head, uint64(len(value)))
	w.buffered.Write(w.head) // bufio keeps the first error for the next call
	_, err := w.buffered.Write(value)
	w.records++
	w.bytes += int64(len(key) + len(value))
	return err
}

// end writes what makes the stream a whole backup.
func (w *backupWriter) end() error {
	if err := w.buffered.Flush(); err != nil {
		return err
	}
	end := binary.AppendUvarint([]byte{0}, uint64(w.records))
	_, err := w.compressed.Write(w.sum.Sum(end))
	return err
}

func brokenBackup(what string, err error) error {
	return &session.Error{Code: session.Invalid, Op: "kv.ReadBackup", Err: err,
		Message: "This is no whole backup of Dossier: " + what + ". Use another one."}
}

// A Record is one record of a backup. Its bytes are only good until the next one.
type Record struct {
	Key, Value []byte
	Expires    uint64 // the second, 0 is never
}

// ReadBackup reads a backup to its end and gives each record to do, in order of the keys. It returns an
// error for a stream that is cut off, changed or has anything behind its end; do may have seen records
// by then, so that nothing may count before ReadBackup has returned. With do nil it only checks.
func ReadBackup(r io.Reader, start func(Backup) error, do func(Record) error) (b Backup, err error) {
	in := &backupReader{sum: sha256.New()}
	plain := bufio.NewReaderSize(r, backupFlushSize)
	if b, err = in.readHead(plain); err != nil {
		return b, err
	}
	if start != nil {
		if err := start(b); err != nil {
			return b, err
		}
	}
	z, err := zstd.NewReader(plain, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxWindow(2*backupWindow))
	if err != nil {
		return b, brokenBackup("it is not compressed as it should be", err)
	}
	defer z.Close()
	in.r = bufio.NewReaderSize(z, backupFlushSize)
	for {
		rec, more, err := in.next()
		if err != nil {
			return b, err
		}
		if !more {
			break
		}
		if do != nil {
			if err := do(rec); err != nil {
				return b, err
			}
		}
	}
	b.Records, b.Bytes = in.records, in.bytes
	return b, in.end()
}

// A backupReader reads records and sums them up as backupWriter does.
type backupReader struct {
	r       *bufio.Reader
	sum     hash.Hash
	records int64
	bytes   int64
	last    []byte // the key before
	key     []byte
	value   []byte
}

// readHead reads the two lines before the records.
func (in *backupReader) readHead(r *bufio.Reader) (b Backup, err error) {
	magic := make([]byte, len(backupMagic))
	if _, err := io.ReadFull(r, magic); err != nil || string(magic) != backupMagic {
		if string(magic[:len(magic)-3]) == backupMagic[:len(backupMagic)-3] {
			return b, brokenBackup("it has a form that this version of Dossier does not know", err)
		}
		return b, brokenBackup("it does not begin as one", err)
	}
	line, err := r.ReadSlice('\n') // at most the buffer, which is more than maxBackupHead
	if err != nil || len(line) > maxBackupHead {
		return b, brokenBackup("its second line is cut off", err)
	}
	if err := json.Unmarshal(line, &b); err != nil {
		return b, brokenBackup("its second line cannot be read", err)
	}
	in.sum.Write(magic) // never fails
	in.sum.Write(line)
	return b, nil
}

// next reads a record; more is false at the end.
func (in *backupReader) next() (rec Record, more bool, err error) {
	size, err := in.number(maxBackupKey, false)
	if err != nil || size == 0 {
		return rec, false, err
	}
	in.last, in.key = in.key, in.last
	if in.key, err = in.take(in.key, size); err != nil {
		return rec, false, err
	}
	if string(in.key) <= string(in.last) {
		return rec, false, brokenBackup("its records are not in order", nil)
	}
	expires, err := in.number(1<<62, true)
	if err != nil {
		return rec, false, err
	}
	if size, err = in.number(maxBackupValue, true); err != nil {
		return rec, false, err
	}
	if in.value, err = in.take(in.value, size); err != nil {
		return rec, false, err
	}
	in.records++
	in.bytes += int64(len(in.key) + len(in.value))
	return Record{in.key, in.value, expires}, true, nil
}

// number reads a varint. The 0 that ends the records does not count for the sum.
func (in *backupReader) number(most uint64, zeroCounts bool) (uint64, error) {
	n, err := binary.ReadUvarint(in.r)
	if err != nil {
		return 0, brokenBackup("it is cut off or changed", err)
	}
	if n > most {
		return 0, brokenBackup("a length in it cannot be", nil)
	}
	if n > 0 || zeroCounts {
		in.sum.Write(binary.AppendUvarint(nil, n))
	}
	return n, nil
}

// take reads n bytes into buf, which it returns and makes larger only as they come in.
func (in *backupReader) take(buf []byte, n uint64) ([]byte, error) {
	const step = 1 << 20
	buf = buf[:0]
	for uint64(len(buf)) < n {
		have := len(buf)
		buf = append(buf, make([]byte, min(step, n-uint64(have)))...)
		if _, err := io.ReadFull(in.r, buf[have:]); err != nil {
			return buf, brokenBackup("it is cut off or changed", err)
		}
	}
	in.sum.Write(buf)
	return buf, nil
}

// end reads what stands behind the records, and wants nothing behind that.
func (in *backupReader) end() error {
	n, err := binary.ReadUvarint(in.r)
	if err != nil || n != uint64(in.records) {
		return brokenBackup("its end is missing", err)
	}
	want := make([]byte, sha256.Size)
	if _, err := io.ReadFull(in.r, want); err != nil {
		return brokenBackup("its end is missing", err)
	}
	if string(want) != string(in.sum.Sum(nil)) {
		return brokenBackup("its content does not give its SHA-256", nil)
	}
	if _, err := in.r.ReadByte(); !errors.Is(err, io.EOF) {
		return brokenBackup("something stands behind its end", err)
	}
	return nil
}
