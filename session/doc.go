// Package session holds what the back office knows about one applicant's attempt to prove who they
// are, and the only operations that change it: see [Service].
//
// A failed check is a [Finding], not a Go error: errors are for requests we cannot carry out, findings
// are what the reviewer came to see. The [Store] is the truth; the [Index] may lag behind it and is
// rebuilt from it. Sessions are values: a copy may be changed freely, and nothing changes in the back
// office until a Service method stores it.
package session
