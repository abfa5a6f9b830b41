// Package static holds what browsers load beside the pages: style sheet, scripts and icons. Everything
// is our own save vendor/, where each folder names its version, licence and checksum.
package static

import "embed"

// FS holds the files by the path under /static/.
//
//go:embed *.css *.js icons.svg favicon.svg vendor/htmx/htmx.min.js
var FS embed.FS
