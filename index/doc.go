// Package index finds sessions by what people type. It is the only package that imports Bleve.
//
// Bleve owns terms, postings, merging and persistence; this package says what the terms of a session
// are (see words.go), and answers searches with bitmaps over Bleve's postings instead of Bleve's own
// searchers, which sort every match. Four ideas make a search quick at a million sessions:
//
//   - Each word is stored under a few of its prefixes (see levels), so that a prefix is one look-up or
//     a walk over a few terms.
//   - What a search asks for is one bitmap per segment, made by AND and OR; its cardinality is the total.
//   - A typing error is looked for, by a walk through the terms, only for a word without which the rest of
//     the search finds somebody.
//   - Document ids are ULIDs, so that an order from newest to oldest is computed once per segment and
//     kept while the segment lives; a page is a short walk along it.
//
// Searches read a [view]: a snapshot with all its orders ready. Writes and merges prepare the next view
// and swap it in, so that no search ever waits for either.
//
// The index may be thrown away at any time. It keeps one generation in a folder of its own, named by
// the file "current" once it is complete; [Index.Rebuild] builds the next one beside it.
package index
