package provider_test

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestDocumented holds that whatever the provider offers has a page and an
// example, and that nothing else has one.
func TestDocumented(t *testing.T) {
	schema := start(t, "").schema
	names := func(short bool, keys []string) []string {
		var out []string
		for _, k := range keys {
			if short {
				k = k[len("bpgen_"):]
			}
			out = append(out, k)
		}
		slices.Sort(out)
		return out
	}
	sources, resources, functions := slices.Collect(maps.Keys(schema.DataSourceSchemas)), slices.Collect(maps.Keys(schema.ResourceSchemas)), slices.Collect(maps.Keys(schema.Functions))
	for _, tt := range []struct {
		dir, pattern string
		want         []string
	}{
		{"docs", "data-sources/*.md", names(true, sources)},
		{"docs", "resources/*.md", names(true, resources)},
		{"docs", "functions/*.md", names(false, functions)},
		{"docs", "*.md", []string{"index"}},
		{"examples", "data-sources/*/data-source.tf", names(false, sources)},
		{"examples", "resources/*/resource.tf", names(false, resources)},
		{"examples", "functions/*/function.tf", names(false, functions)},
		{"examples", "*/provider.tf", []string{"provider"}},
	} {
		found, err := fs.Glob(os.DirFS(tt.dir), tt.pattern)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range found {
			found[i] = named(f)
		}
		if !slices.Equal(found, tt.want) {
			t.Errorf("%s/%s: %q, and the provider has %q", tt.dir, tt.pattern, found, tt.want)
		}
	}
}

// named returns what a page or an example is about.
func named(file string) string {
	if path.Ext(file) == ".md" {
		return strings.TrimSuffix(path.Base(file), ".md")
	}
	return path.Base(path.Dir(file))
}
