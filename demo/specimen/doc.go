// Package specimen draws identity documents of invented people: passports, cards, licences, portraits
// and selfies, as JPEG. Every picture says SPECIMEN, copies no real document's design, and is the same
// bytes for the same input. Lengths are millimetres unless said otherwise.
package specimen
