package index

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"dossier/session"
)

// BenchmarkSQLite answers the queries of BenchmarkSearch with SQLite's FTS5: 25 rows newest first and the
// total up to 10,000. Its prefix indexes are as long as ours, and it forgives no typing error.
func BenchmarkSQLite(b *testing.B) {
	p := population{benchSessions(b)}
	db := fillSQLite(b, p)
	eachKind(b, p, func(text string, filtered bool) error {
		match := ftsQuery(text)
		if filtered {
			match = append(match, `"factacme"`, `("factsuccess" OR "factawaiting")`)
		}
		where, args := "1", []any{}
		if len(match) > 0 {
			where, args = "sessions MATCH ?", []any{strings.Join(match, " AND ")}
		}
		rows, err := db.Query("SELECT id FROM sessions WHERE "+where+" ORDER BY rowid DESC LIMIT 25", args...)
		if err != nil {
			return err
		}
		for rows.Next() {
		}
		if err := rows.Close(); err != nil {
			return err
		}
		var total int
		return db.QueryRow("SELECT count(*) FROM (SELECT 1 FROM sessions WHERE "+where+" LIMIT 10001)", args...).Scan(&total)
	})
}

// ftsQuery makes every word of text a prefix, all of which must be there.
func ftsQuery(text string) (all []string) {
	words(text, func(word string) { all = append(all, `"`+strings.ReplaceAll(word, `"`, "")+`"*`) })
	return all
}

func fillSQLite(b *testing.B, p population) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "fts.db")+"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=cache_size(-200000)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if _, err := db.Exec("CREATE VIRTUAL TABLE sessions USING fts5(id UNINDEXED, text, prefix='1 2 3 4', detail=none)"); err != nil {
		b.Fatal(err)
	}
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		b.Fatal(err)
	}
	row := 0
	for s, err := range p.all() {
		if err == nil {
			err = addToSQLite(tx, row, s)
		}
		if err != nil {
			b.Fatal(err)
		}
		row++
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return db
}

// addToSQLite stores what is searched and, as words of their own, what is filtered by.
func addToSQLite(tx *sql.Tx, row int, s session.Session) error {
	status, _, _ := strings.Cut(string(s.Status), "_")
	all := []string{"fact" + s.Company, "fact" + status}
	for _, text := range texts(s) {
		words(text, func(word string) { all = append(all, spellings(word)...) })
	}
	_, err := tx.Exec("INSERT INTO sessions (rowid, id, text) VALUES (?, ?, ?)", row, string(s.ID), strings.Join(all, " "))
	return err
}
