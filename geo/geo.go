// Package geo says in which country an internet address is, from a local database in the MMDB format.
// Nothing is asked over the network.
package geo

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"
)

// maxFile bounds the database, which is read whole: a file that is replaced under us must not end the
// process, as a mapped one would.
const maxFile = 300 << 20

// A DB is a database of addresses. One that could not be opened knows no country and says why.
type DB struct {
	reader *maxminddb.Reader
	about  string
}

// Open reads the database in file; "" is none. It does not fail: that countries are not known is for a
// page to say, and no reason not to start.
func Open(file string) *DB {
	if file == "" {
		return &DB{about: "No database of addresses is configured, so that the country of a client's address is known only where the session says it. Name an MMDB file with the setting geoip-file."}
	}
	reader, err := read(file)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) { // where our files are is no matter of the page's
			err = path.Err
		}
		return &DB{about: fmt.Sprintf("The database of addresses %s cannot be used: %v. The country of a client's address is known only where the session says it. Mend the setting geoip-file, then start Dossier again.", filepath.Base(file), err)}
	}
	built := time.Unix(int64(reader.Metadata.BuildEpoch), 0).UTC().Format(time.DateOnly)
	return &DB{reader: reader, about: fmt.Sprintf("The country of a client's address is looked up in %s (%s, of %s) where the session does not say it.", filepath.Base(file), reader.Metadata.DatabaseType, built)}
}

func read(file string) (*maxminddb.Reader, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is no file of at most %d MB", maxFile>>20)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return maxminddb.OpenBytes(data)
}

// About says whether countries are known, and from what.
func (db *DB) About() string { return db.about }

// Known reports whether there is a database.
func (db *DB) Known() bool { return db.reader != nil }

// Country is the ISO 3166-1 alpha-2 code of the country that an address is in, or "".
func (db *DB) Country(address string) string {
	addr, err := netip.ParseAddr(address)
	if db.reader == nil || err != nil {
		return ""
	}
	found := db.reader.Lookup(addr.Unmap().WithZone(""))
	for _, path := range [][]any{{"country", "iso_code"}, {"registered_country", "iso_code"}, {"country_code"}, {"country"}} { // as the usual publishers name it
		var code string
		if err := found.DecodePath(&code, path...); err == nil && len(code) == 2 {
			return code
		}
	}
	return ""
}
