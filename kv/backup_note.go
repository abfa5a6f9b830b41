package kv

import (
	"context"
	"time"

	"dossier/session"
)

// A BackupNote is what the database remembers of its backups, for pages, doctor and metrics.
type BackupNote struct {
	At       time.Time `json:"at"`   // of the last good one
	File     string    `json:"file"` // where it went, as its maker called it
	Sessions int       `json:"sessions"`
	Bytes    int64     `json:"bytes"`     // of the file
	FailedAt time.Time `json:"failed_at"` // of the last one that failed, zero after a good one
	Reason   string    `json:"reason"`    // why
}

// PutBackupNote replaces the note, with an event of the audit log.
func (db *DB) PutBackupNote(ctx context.Context, n BackupNote, e session.Event) error {
	const op = "kv.PutBackupNote"
	return db.update(ctx, op, func(t *tx) error {
		if err := t.setJSON(backupKey, n); err != nil {
			return err
		}
		return t.record(op, []session.Event{e})
	})
}

// BackupNote returns the note, a zero one before the first backup.
func (db *DB) BackupNote(ctx context.Context) (n BackupNote, err error) {
	const op = "kv.BackupNote"
	err = db.view(ctx, op, func(s snapshot) error {
		_, err := getJSON(s, op, backupKey, &n)
		return err
	})
	return n, err
}
