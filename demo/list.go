package demo

import (
	"bytes"
	_ "embed"
)

// ListID is the id under which the invented list is loaded.
const ListID = "custom"

//go:embed list.csv
var listCSV []byte

// ListCSV is a small invented sanctions list in the format "custom". Some of the demo's people are on
// it, spelt otherwise.
func ListCSV() []byte { return bytes.Clone(listCSV) }

// ListBefore is the version before: its last entry was not there yet. Loading ListCSV after it raises
// an alert for somebody whose session had long succeeded.
func ListBefore() []byte {
	whole := bytes.TrimRight(listCSV, "\n")
	return bytes.Clone(whole[:bytes.LastIndexByte(whole, '\n')+1])
}
