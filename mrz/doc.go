// Package mrz reads, checks, explains and makes the machine readable zones of travel documents: the
// two or three lines of OCR-B at the foot of a passport, identity card, visa or driving licence.
//
// The rules are those of ICAO Doc 9303, eighth edition, parts 3 to 7, and for the French and Swiss
// national formats those of their issuers. Where common parsers differ from ICAO, this package
// follows ICAO; docs/decisions/0001-mrz-follows-icao.md lists every such place.
//
// [Parse] refuses only a zone of the wrong shape, with a [*ShapeError]. A zone of the right shape is
// always read to its end: each [Field] says whether it holds, and why not. A zone that fails is a
// finding to show, never a Go error.
//
// Positions: lines count from 0, characters count from 0, End is exclusive, so Lines[Line][Start:End]
// are the characters that a field or an error is about.
//
// Values: [Field.Raw] is what is printed, [Field.Value] is the same without filler (inner fillers
// become spaces), and [Person] is what it means: ISO dates, a century, M, F or X.
package mrz
