package geo_test

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dossier/geo"
)

// A database in the MMDB format (version 2.0) of our own making: a binary search tree over the bits of
// IPv4 addresses, with records of 24 bits, then the data, then the metadata.
// https://maxmind.github.io/MaxMind-DB/

// text, number and object encode values of the data section; all of ours are short.
func text(s string) []byte { return append([]byte{2<<5 | byte(len(s))}, s...) }

func number(n uint64, kind byte, size int) []byte {
	b := binary.BigEndian.AppendUint64(nil, n)[8-size:]
	if kind > 7 {
		return append([]byte{byte(size), kind - 7}, b...)
	}
	return append([]byte{kind<<5 | byte(size)}, b...)
}

func object(pairs ...[]byte) []byte {
	return append([]byte{7<<5 | byte(len(pairs)/2)}, bytes.Join(pairs, nil)...)
}

func database(networks map[string][]byte) []byte {
	const empty = -1
	nodes := [][2]int{{empty, empty}}
	var data []byte
	leaves := map[[2]int]int{} // node and side → offset of the data
	for network, value := range networks {
		prefix := netip.MustParsePrefix(network)
		bits, node := binary.BigEndian.Uint32(prefix.Addr().AsSlice()), 0
		for i := range prefix.Bits() {
			side := int(bits >> (31 - i) & 1)
			if i == prefix.Bits()-1 {
				leaves[[2]int{node, side}] = len(data)
				break
			}
			if nodes[node][side] == empty {
				nodes = append(nodes, [2]int{empty, empty})
				nodes[node][side] = len(nodes) - 1
			}
			node = nodes[node][side]
		}
		data = append(data, value...)
	}
	var file []byte
	for i, node := range nodes {
		for side, record := range node {
			if offset, leaf := leaves[[2]int{i, side}]; leaf {
				record = len(nodes) + 16 + offset
			} else if record == empty {
				record = len(nodes)
			}
			file = append(file, byte(record>>16), byte(record>>8), byte(record))
		}
	}
	file = append(append(file, make([]byte, 16)...), data...)
	return append(append(file, "\xab\xcd\xefMaxMind.com"...), object(
		text("node_count"), number(uint64(len(nodes)), 6, 4), text("record_size"), number(24, 5, 2), text("ip_version"), number(4, 5, 2),
		text("database_type"), text("Test-Country"), text("languages"), []byte{0, 4}, text("build_epoch"), number(1795000000, 9, 8),
		text("binary_format_major_version"), number(2, 5, 2), text("binary_format_minor_version"), number(0, 5, 2),
		text("description"), object())...)
}

func TestCountry(t *testing.T) {
	file := filepath.Join(t.TempDir(), "test.mmdb")
	content := database(map[string][]byte{
		"192.0.2.0/24":    object(text("country"), object(text("iso_code"), text("GE"))),
		"198.51.100.0/24": object(text("registered_country"), object(text("iso_code"), text("FR"))),
		"203.0.113.0/24":  object(text("country_code"), text("NO")),
	})
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	db := geo.Open(file)
	if !db.Known() || !strings.Contains(db.About(), "test.mmdb (Test-Country, of 2026-11-18)") {
		t.Errorf("known %v: %s", db.Known(), db.About())
	}
	for address, want := range map[string]string{"192.0.2.9": "GE", "::ffff:192.0.2.9": "GE", "198.51.100.1": "FR", "203.0.113.255": "NO",
		"203.0.114.1": "", "2001:db8::1": "", "": "", "nonsense": "", "fe80::1%eth0": ""} {
		if got := db.Country(address); got != want {
			t.Errorf("Country(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestWithoutDatabase(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.mmdb")
	if err := os.WriteFile(broken, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"": "geoip-file", filepath.Join(dir, "missing.mmdb"): "cannot be used", broken: "cannot be used", dir: "cannot be used"} {
		db := geo.Open(file)
		if db.Known() || !strings.Contains(db.About(), want) || db.Country("192.0.2.1") != "" {
			t.Errorf("Open(%q): known %v, %s", file, db.Known(), db.About())
		}
	}
}
