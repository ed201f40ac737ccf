// Package catalogtest gives tests the catalog of a txtar archive, which holds
// blueprints below blueprints/ and templates below templates/.
//
// What else an archive holds is for the test that reads it.
package catalogtest

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator/catalog"
)

// Archive returns the catalog of an archive, with what is wrong with it.
func Archive(t testing.TB, archive *txtar.Archive) (*catalog.Catalog, hcl.Diagnostics) {
	t.Helper()
	tree := fstest.MapFS{}
	for _, f := range archive.Files {
		tree[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	folder := func(name string) fs.FS {
		sub, err := fs.Sub(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		return sub
	}
	return catalog.New(catalog.Root{Blueprints: folder("blueprints"), Templates: folder("templates")})
}
