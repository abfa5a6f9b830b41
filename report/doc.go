// Package report prints a session for a regulator as a PDF, and lists sessions as CSV.
//
// The PDF depends on nothing but its [Data]: the same data give the same bytes. Unknown is printed as
// "Not performed" or "—", never as "No". Text of any script and length may come in: what no font has is
// transliterated and marked, what is long goes on on the next page.
package report
