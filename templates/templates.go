// Package templates holds the pages. Each *.html is one page and defines "main"; layout.html stands
// around all of them, and parts.html holds what several pages show. A fragment that htmx swaps in is a
// {{define}} in the page that owns it.
package templates

import "embed"

// FS holds the templates by file name.
//
//go:embed *.html
var FS embed.FS
