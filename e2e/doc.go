// Package e2e holds tests that use the whole appliance from outside: a real store, index and server
// with the demo's people in them, asked over HTTP and, in Chromium, by hand and eye.
package e2e
