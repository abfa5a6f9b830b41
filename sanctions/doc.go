// Package sanctions reads published sanctions and PEP lists and says which of their entries a person
// may be. It does no input or output of its own: readers take an io.Reader, and an [Index] is an
// immutable value that is built aside and swapped by whoever holds it.
//
// A reader that meets one bad record reports it as a [Problem] and goes on; a file that is broken as a
// whole (truncated, of no known format) is refused with an error. Screening never fails: a person that
// cannot be compared simply has no hits.
package sanctions
