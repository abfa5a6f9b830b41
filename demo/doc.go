// Package demo invents people for `serve --demo` and `seed`: names of many languages, documents with
// zones that check, devices, and the cases that a back office meets. Nobody here exists; names are drawn
// from tables of given and family names, and numbers are made up. Everything is a function of its
// arguments: the same seed and time give the same people, and the same bytes of every picture.
package demo
