// Package kv keeps everything in one Badger database: sessions, photos, audit log, companies, lists,
// alerts, runs, members. [DB] is the session.Store and the staff.Store that the program ships; no
// Badger type leaves this package, and no other package imports Badger.
//
// Three things to know before changing it:
//
//   - Every write goes through one goroutine, the writer. It runs the changes that wait one after the
//     other over one snapshot, commits them together, and answers after the sync. So changes never race,
//     the audit chain has one author, and sixteen callers share one sync instead of queueing for sixteen.
//   - Badger alone does not notice every damage: a truncated MANIFEST opens as an empty database, a
//     truncated value log gives wrong bytes, a full disk kills the process. Therefore values are sealed
//     with a checksum ([seal]), Open looks at the files first ([checkFiles]), and the writer looks at
//     the free space before each commit ([space]).
//   - key.go is the map of the database. Whoever changes a key or a value's form adds a migration.
package kv
