package generator_test

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// bounded lists the calls, by package, that open or read a file without package
// guard, each with why it needs none. "files" stands for a method of a file, a
// root or an fs.FS.
var bounded = map[string]string{
	"generator/guard files.Open":                 "the way itself",
	"generator/baseline files.Open":              "opens what is in an archive that was read already",
	"generator/baseline io.ReadAll":              "reads what is stored uncompressed, so no more than the archive",
	"generator/bundle files.Open":                "opens what is in an archive that was read already",
	"generator/bundle io.ReadAll":                "reads no more of it than the limits of guard allow",
	"generator/guard/disk os.OpenFile":           "the way itself",
	"generator/guard/disk files.OpenFile":        "the way itself",
	"generator/cli/shell files.Open":             "hashes a tree that package guard/disk opens, within the limits of guard",
	"generator/cli/blueprint/create fs.ReadFile": "reads what the program carries",
	"generator/cli/completion io.ReadAll":        "reads the beginning of a file that package guard/disk opens",

	"generator/write os.ReadFile":    "reads what it has written itself into the user's cache",
	"generator/write files.ReadFile": "compares the output directory with what is to stand there",
	"generator/write files.Open":     "opens directories and its own manifest",
	"generator/write files.OpenFile": "creates the files that it writes",
	"generator/write files.FS":       "walks the output directory",
}

// programs lists the folders of programs for people who work on bpgen, and of
// scaffolding for tests: they read what the project itself holds.
var programs = []string{"generator/schema/gen", "generator/functions/gen", "generator/home/gen", "generator/ledger/gen", "generator/object/gen", "generator/provider/gen", "generator/blueprint/gen", "generator/internal/golden", "generator/cli/shell/shelltest"}

// readers are the calls that open or read files: functions of the standard
// library by package, methods under "files".
var readers = map[string][]string{
	"os":        {"Open", "OpenFile", "OpenInRoot", "ReadFile", "DirFS"},
	"io":        {"ReadAll"},
	"io/fs":     {"ReadFile"},
	"files":     {"Open", "OpenFile", "ReadFile", "FS"},
	"io/ioutil": {"ReadFile", "ReadAll"},
}

// TestEveryReadIsGuarded holds that what comes from outside is read in one way,
// which looks at kind and size before it opens.
func TestEveryReadIsGuarded(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, at := range unguarded(t, os.DirFS("..")) {
		if key, place, _ := strings.Cut(at, ": "); bounded[key] == "" {
			t.Errorf("%s: %s without package guard: use guard.ReadFile with disk.FS, or disk.Open with guard.ReadAll", place, key)
		} else {
			seen[key] = true
		}
	}
	for key := range bounded {
		if !seen[key] {
			t.Errorf("bounded names %q, which nothing does", key)
		}
	}
}

// TestUnguardedFinds shows that the search sees each way to read.
func TestUnguardedFinds(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`import "os"; var _, _ = os.ReadFile("x")`:                "generator/link os.ReadFile",
		`import system "os"; var _, _ = system.Open("x")`:         "generator/link os.Open",
		`import "io/fs"; func f(a fs.FS) { fs.ReadFile(a, "x") }`: "generator/link fs.ReadFile",
		`import "io/fs"; func f(a fs.FS) { a.Open("x") }`:         "generator/link files.Open",
		`import "os"; func f(a *os.Root) { g(a.FS()) }`:           "generator/link files.FS",
		`import "io"; func f(a io.Reader) { io.ReadAll(a) }`:      "generator/link io.ReadAll",
		`import "os"; var read = os.ReadFile`:                     "generator/link os.ReadFile",
	} {
		got := unguarded(t, fstest.MapFS{"generator/link/a.go": {Data: []byte("package link\n" + src)}})
		if len(got) != 1 || !strings.HasPrefix(got[0], want+": ") {
			t.Errorf("%s: found %q, want %s", src, got, want)
		}
	}
}

// unguarded returns where the packages of a tree open or read files, as
// "PACKAGE CALL: PLACE".
func unguarded(t *testing.T, root fs.FS) (out []string) {
	t.Helper()
	selections(t, root, func(s selection) {
		from, pkg := s.from, path.Dir(s.file)
		if from == "" {
			from = "files"
		}
		if slices.Contains(readers[from], s.name) && !slices.Contains(programs, pkg) {
			out = append(out, pkg+" "+path.Base(from)+"."+s.name+": "+s.at.String())
		}
	})
	return out
}
