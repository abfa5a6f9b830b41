package kv

import (
	"context"
	"fmt"

	"github.com/oklog/ulid/v2"

	"dossier/session"
)

const (
	// keptRows is how many rows of lists stay in memory: some 6 MB.
	keptRows = 8192
	// keptCounts is for how many sets of companies the number of open alerts is.
	keptCounts = 256
)

// Rows is Load for what lists show. While somebody types, most of what the next list shows was on the one
// before.
func (db *DB) Rows(ctx context.Context, ids []session.ID) ([]session.Row, error) {
	const op = "kv.Rows"
	moment := db.rows.moment()
	found := make([]session.Row, 0, len(ids))
	err := db.view(ctx, op, func(s snapshot) error {
		for _, id := range ids {
			u, err := ulid.ParseStrict(string(id))
			if err != nil {
				continue
			}
			row, ok := db.rows.get(u)
			if !ok {
				if row, ok, err = loadOne[session.Row](db, s, op, u); err != nil {
					return err
				}
				if !ok {
					continue
				}
				db.rows.add(u, row, moment)
			}
			found = append(found, row)
		}
		return ctx.Err()
	})
	return found, err
}

// OpenAlerts returns how many alerts of the companies are open, see session.Screenings.
func (db *DB) OpenAlerts(ctx context.Context, companies []string, most int) (int, error) {
	k := fmt.Sprintf("%d %#v", most, companies)
	moment := db.openAlerts.moment()
	n, ok := db.openAlerts.get(k)
	if ok {
		return n, nil
	}
	for _, err := range db.OpenAlertTimes(ctx, companies) {
		if err != nil {
			return 0, err
		}
		if n++; n == most {
			break
		}
	}
	db.openAlerts.add(k, n, moment)
	return n, nil
}

// written forgets what a batch has changed.
func (db *DB) written(batch writes) {
	var sessions []ulid.ULID
	alerts, members := false, false
	for k := range batch {
		switch k[0] {
		case atSession:
			sessions = append(sessions, ulid.ULID([]byte(k[1:])))
		case atAlertState:
			alerts = true
		case atMember:
			members = true
		}
	}
	if len(sessions) > 0 {
		db.rows.forget(sessions...)
	}
	if alerts {
		db.openAlerts.forgetAll()
	}
	if members {
		db.members.forgetAll()
	}
}
