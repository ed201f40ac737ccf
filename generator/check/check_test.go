package check_test

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/catalog/catalogtest"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/internal/golden"
)

// cases runs every archive of a folder: the comment says what it is about, the
// files are a platform team's folder with the blueprint "case".
func cases(t *testing.T, folder string, least int, run func(t *testing.T, path string, cat *catalog.Catalog, diags hcl.Diagnostics)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(paths) < least {
		t.Fatalf("found %d cases in %s, want %d: %v", len(paths), folder, least, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			cat := load(t, path)
			run(t, path, cat, check.Blueprint(t.Context(), cat, "case", nil).Diagnostics)
		})
	}
}

func load(t *testing.T, path string) *catalog.Catalog {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cat, diags := catalogtest.Archive(t, archive)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return cat
}

func TestClean(t *testing.T) {
	t.Parallel()
	cases(t, "clean", 3, func(t *testing.T, _ string, cat *catalog.Catalog, diags hcl.Diagnostics) {
		if len(diags) > 0 {
			t.Errorf("found something:\n%s", printed(t, cat, diags))
		}
	})
}

func TestFaulty(t *testing.T) {
	t.Parallel()
	cases(t, "faulty", 18, func(t *testing.T, path string, cat *catalog.Catalog, diags hcl.Diagnostics) {
		if len(diags) == 0 {
			t.Error("found nothing")
		}
		golden.File(t, strings.TrimSuffix(path, ".txtar")+".diag", []byte(printed(t, cat, diags)))
	})
}

// TestRepeatable holds that two runs say the same, whatever runs side by side.
func TestRepeatable(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"refused", "names-kinds", "undecided"} {
		path := filepath.Join("testdata", "faulty", name+".txtar")
		cat := load(t, path)
		first := printed(t, cat, check.Blueprint(t.Context(), cat, "case", nil).Diagnostics)
		for range 3 {
			cat := load(t, path)
			if again := printed(t, cat, check.Blueprint(t.Context(), cat, "case", nil).Diagnostics); again != first {
				t.Errorf("%s: one run says\n%s\nanother\n%s", name, first, again)
			}
		}
	}
}

func TestUnknownBlueprint(t *testing.T) {
	t.Parallel()
	cat := load(t, filepath.Join("testdata", "clean", "names-exclusive.txtar"))
	diags := check.Blueprint(t.Context(), cat, "cas", nil).Diagnostics
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, `Did you mean "case"?`) {
		t.Errorf("got %v", diags)
	}
}

// TestCancelled holds that a check that is stopped ends soon and blames nobody.
func TestCancelled(t *testing.T) {
	t.Parallel()
	cat := load(t, filepath.Join("testdata", "faulty", "refused.txtar"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report := check.Blueprint(ctx, cat, "case", nil)
	if report.Diagnostics.HasErrors() {
		t.Errorf("a check that was stopped reports %v", report.Diagnostics)
	}
	if whole := check.Blueprint(t.Context(), cat, "case", nil); report.Tried >= whole.Tried {
		t.Errorf("a check that was stopped tried %d combinations, a whole one %d", report.Tried, whole.Tried)
	}
}

func printed(t *testing.T, cat *catalog.Catalog, diags hcl.Diagnostics) string {
	t.Helper()
	var b bytes.Buffer
	if err := diag.Print(&b, cat.Sources(), diags, 0, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestProgress: what is heard of the components and combinations counts up to all of
// them, and that is what the report says was tried.
func TestProgress(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join("testdata", "clean", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		var mu sync.Mutex
		heard := map[string][]int{}
		all := map[string]int{}
		report := check.Blueprint(t.Context(), load(t, path), "case", func(n, of int, what string) {
			mu.Lock()
			defer mu.Unlock()
			heard[what] = append(heard[what], n)
			if all[what] != 0 && all[what] != of {
				t.Errorf("%s: %d %s, and then %d", path, all[what], what, of)
			}
			all[what] = of
		})
		slices.Sort(heard["combinations"]) // they come from several goroutines
		for i, n := range heard["combinations"] {
			if n != i+1 {
				t.Errorf("%s: heard %v", path, heard["combinations"])
				break
			}
		}
		if report.Tried == 0 || all["combinations"] != report.Tried || len(heard["combinations"]) != report.Tried || all["components"] == 0 {
			t.Errorf("%s: tried %d, heard %v of %v", path, report.Tried, heard, all)
		}
	}
}
