// Package ui is the web client: its sources, and what Vite has built of them.
package ui

import (
	"embed"
	"io/fs"
)

// dist holds at least .gitkeep, so that a fresh clone compiles.
//
//go:embed all:dist placeholder.html
var embedded embed.FS

// Files is the built client: index.html, assets/ and what stands beside them.
// Where it hasn't been built, index.html says how to.
func Files() fs.FS {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path
	}
	if _, err := fs.Stat(dist, "index.html"); err == nil {
		return dist
	}
	return unbuilt{dist}
}

// unbuilt shows the placeholder in the place of the page.
type unbuilt struct{ fs.FS }

// Open implements fs.FS.
func (u unbuilt) Open(name string) (fs.File, error) {
	if name == "index.html" {
		return embedded.Open("placeholder.html")
	}
	return u.FS.Open(name)
}
