package generator_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const modulePath = "github.com/bpgen/bpgen/"

// floors lists the packages from the ground up. A package may import packages
// that stand above it in this list and no others, so data can only travel one
// way. A new package takes its place here first.
var floors = []string{
	// Words that everything speaks.
	"generator/visible", "generator/columns", "generator/diag", "generator/crash", "generator/fileset", "generator/baseline", "generator/cite", "generator/memo", "generator/secret",
	// What comes from outside goes through guard first, and what is evaluated
	// through budget.
	"generator/guard", "generator/budget",
	// Knowledge: the language's functions, the provider's schemas, the notes.
	"generator/bundle", "generator/lang", "generator/constraint", "generator/functions", "generator/home", "generator/cost", "generator/schema", "generator/ledger",
	// Reading back what was rendered: which line cites what.
	"generator/cited",
	// Reading.
	"generator/validate", "generator/object", "generator/object/builtin", "generator/deviation", "generator/template", "generator/ir", "generator/merge", "generator/blueprint", "generator/catalog",
	// Choosing.
	"generator/resolve", "generator/matrix",
	// The compiler and the linker.
	"generator/specialise", "generator/link", "generator/render", "generator/statesafe", "generator/rerender", "generator/upgrade", "generator/cidrplan",
	// Judging: vet reads files and nothing else of bpgen's making.
	"generator/vet", "generator/vet/notes",
	// Counting what of the notes is cited, and proving what is honoured.
	"generator/coverage", "generator/proof",
	// The whole way from a request to files, and what runs it over every
	// combination of a blueprint's options.
	"generator", "generator/foretell", "generator/check", "generator/survey",
	// The shell: from here on the operating system may be touched.
	"generator/guard/disk", "generator/write", "generator/iostreams", "generator/platform",
	"generator/cli/shell", "generator/cli/choose", "generator/cli/standing",
	"generator/cli/list", "generator/cli/show", "generator/cli/explain", "generator/cli/graph",
	"generator/cli/render", "generator/cli/bundle", "generator/cli/vet", "generator/cli/merge", "generator/cli/upgrade", "generator/cli/edits", "generator/cli/outdated", "generator/cli/version", "generator/cli/completion",
	"generator/cli/notes/coverage", "generator/cli/notes",
	"generator/cli/blueprint/check", "generator/cli/blueprint/create", "generator/cli/blueprint",
	"generator/cli/template/list", "generator/cli/template/show", "generator/cli/template",
	"generator/cli",
	// The Terraform provider: the same stages, asked by Terraform.
	"generator/provider/diagnostics", "generator/provider/options", "generator/provider/workspace", "generator/provider/module",
	"generator/provider/mirror", "generator/provider/rendered", "generator/provider/source", "generator/provider/catalogue",
	"generator/provider/functions", "generator/provider",
	// Data that the program carries.
	"templates", "blueprints",
	// The second program: main.go of bpgen itself must not carry what it needs.
	"generator/provider/terraform-provider-bpgen",
	// Programs and scaffolding for people who work on bpgen.
	"generator/schema/gen", "generator/functions/gen", "generator/home/gen", "generator/ledger/gen", "generator/object/gen", "generator/provider/gen", "generator/blueprint/gen",
	"generator/internal/golden", "generator/internal/cpu", "generator/internal/mutate", "generator/catalog/catalogtest", "generator/cli/shell/shelltest",
}

// shell lists the packages that may touch the operating system, each with why.
var shell = map[string]string{
	"generator/write":              "the only package that changes files",
	"generator/iostreams":          "the only package that knows the terminal",
	"generator/guard/disk":         "opens files of the disk, so that none makes the program wait",
	"generator/platform":           "opens the directories of a platform team",
	"generator/cli":                "the commands: reads flags, files and BPGEN_PATH",
	"generator/provider/workspace": "says which directories of the machine may be written",
	"generator/provider/module":    "names directories as the machine does, and draws the tokens by which it tells resources apart",

	"generator/provider/terraform-provider-bpgen": "the program that serves the provider",

	"generator/schema/gen":          "a program that writes what package schema embeds",
	"generator/blueprint/gen":       "a program that writes the READMEs of blueprints",
	"generator/functions/gen":       "a program that writes what the cores say of their functions",
	"generator/home/gen":            "a program that writes the time zones that the program carries",
	"generator/ledger/gen":          "a program that writes the project's copy of the notes",
	"generator/object/gen":          "a program that writes the trees that the program carries",
	"generator/provider/gen":        "a program that writes what the provider's documentation is made from",
	"generator/internal/mutate":     "damages files for fuzz tests, by chance",
	"generator/internal/cpu":        "asks the system for the processor time of tests",
	"generator/internal/golden":     "compares and rewrites goldens for tests",
	"generator/catalog/catalogtest": "scaffolding for tests over archives",
	"generator/cli/shell/shelltest": "scaffolding for tests of the commands",
}

// forbidden lists what a core package may not import.
var forbidden = []string{
	"os", "os/exec", "os/signal", "os/user", "syscall", "net", "net/http", "log", "log/slog",
	"io/ioutil", "path/filepath", "math/rand", "math/rand/v2", "crypto/rand", "testing", "unsafe", "flag",
}

// excepted lists the imports of core packages that are forbidden elsewhere.
var excepted = map[string]string{
	"generator/functions net": "addresses as values; nothing is dialled",
}

// calls lists what a core package may not call.
var calls = []string{
	"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.Tick", "time.NewTimer", "time.NewTicker",
	"fmt.Print", "fmt.Printf", "fmt.Println", "runtime.Caller", "runtime.Callers",
}

// vague lists names that say nothing about what is in a package.
var vague = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "types", "internal"}

// TestArchitecture holds the order of the packages and what each may touch.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	faults, seen := architecture(t, os.DirFS(".."))
	for _, f := range faults {
		t.Error(f)
	}
	// The lists above must not rot: what they name exists.
	for _, p := range floors {
		if !seen.packages[p] {
			t.Errorf("floors names %s, which is not there", p)
		}
	}
	for p := range shell {
		if !seen.packages[p] {
			t.Errorf("shell names %s, which is not there", p)
		}
	}
	for e := range excepted {
		if !seen.exceptions[e] {
			t.Errorf("excepted names %q, which nothing needs", e)
		}
	}
	if len(seen.packages) < 20 {
		t.Errorf("only %d packages were looked at", len(seen.packages))
	}
}

// TestArchitectureFinds shows that each rule can fail.
func TestArchitectureFinds(t *testing.T) {
	t.Parallel()
	const doc = "// Package x is here.\n"
	cases := map[string]struct{ file, src, want string }{
		"backward": {"generator/diag/a.go", doc + "package diag\nimport _ \"github.com/bpgen/bpgen/generator/link\"\n", "generator/diag imports generator/link"},
		"sideways": {"generator/specialise/a.go", doc + "package specialise\nimport _ \"github.com/bpgen/bpgen/generator/vet\"\n", "generator/specialise imports generator/vet"},
		"shell":    {"generator/link/a.go", doc + "package link\nimport _ \"github.com/bpgen/bpgen/generator/write\"\n", "generator/link imports generator/write"},
		"tests":    {"generator/link/a.go", doc + "package link\nimport _ \"github.com/bpgen/bpgen/acceptance/harness\"\n", "generator/link imports acceptance/harness"},
		"unlisted": {"generator/extra/a.go", doc + "package extra\n", "generator/extra has no place"},
		"os":       {"generator/render/a.go", doc + "package render\nimport _ \"os\"\n", "generator/render imports os"},
		"net":      {"generator/render/a.go", doc + "package render\nimport _ \"net\"\n", "generator/render imports net"},
		"log":      {"generator/vet/a.go", doc + "package vet\nimport _ \"log/slog\"\n", "generator/vet imports log/slog"},
		"clock":    {"generator/functions/a.go", doc + "package functions\nimport \"time\"\nvar _ = time.Now\n", "time.Now"},
		"renamed":  {"generator/functions/a.go", doc + "package functions\nimport clock \"time\"\nvar _ = clock.Now\n", "time.Now"},
		"print":    {"generator/link/a.go", doc + "package link\nimport \"fmt\"\nfunc f() { fmt.Println() }\n", "fmt.Println"},
		"builtin":  {"generator/link/a.go", doc + "package link\nfunc f() { println() }\n", "println"},
		"init":     {"generator/link/a.go", doc + "package link\nfunc init() {}\n", "init"},
		"dot":      {"generator/link/a.go", doc + "package link\nimport . \"fmt\"\n", "without a name"},
		"vague":    {"generator/link/util/a.go", doc + "package util\n", "says nothing"},
		"silent":   {"generator/link/a.go", "package link\n", "no package comment"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults, _ := architecture(t, fstest.MapFS{c.file: {Data: []byte(c.src)}})
			if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, c.want) }) {
				t.Errorf("nothing says %q: %q", c.want, faults)
			}
		})
	}
}

// looked is what architecture came across.
type looked struct{ packages, exceptions map[string]bool }

// architecture returns what breaks the rules in a tree of bpgen's packages.
// Tests are free to import what they like.
func architecture(t *testing.T, root fs.FS) (faults []string, seen looked) {
	t.Helper()
	seen = looked{map[string]bool{}, map[string]bool{}}
	documented := map[string]bool{}
	fset := token.NewFileSet()
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		top, _, _ := strings.Cut(name, "/")
		switch {
		case d.IsDir() && (d.Name() == "testdata" || name != "." && !slices.Contains([]string{"generator", "templates", "blueprints"}, top)):
			return fs.SkipDir
		case d.IsDir() || top == name || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, src, parser.ParseComments)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		seen.packages[pkg] = true
		documented[pkg] = documented[pkg] || file.Doc != nil
		faults = append(faults, inspect(fset, pkg, file, seen)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for p := range seen.packages {
		if !documented[p] {
			faults = append(faults, p+" has no package comment: say what it takes, returns and may not do")
		}
		if slices.Contains(vague, path.Base(p)) {
			faults = append(faults, p+": the name says nothing about what is in it")
		}
		if !slices.Contains(floors, p) {
			faults = append(faults, p+" has no place in floors: say above what it stands")
		}
	}
	slices.Sort(faults)
	return faults, seen
}

// inspect returns what one file does against the rules.
func inspect(fset *token.FileSet, pkg string, file *ast.File, seen looked) (faults []string) {
	fault := func(at token.Pos, format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%s: %s", fset.Position(at), fmt.Sprintf(format, args...)))
	}
	core := !touchesSystem(pkg)
	names := map[string]string{} // name in this file -> path of a foreign package
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			fault(spec.Pos(), "%v", err)
			continue
		}
		names[path.Base(target)] = target
		if spec.Name != nil {
			names[spec.Name.Name] = target
		}
		if own, ok := strings.CutPrefix(target, modulePath); ok {
			if at := slices.Index(floors, own); at < 0 || at >= slices.Index(floors, pkg) {
				fault(spec.Pos(), "%s imports %s, which does not stand below it in floors", pkg, own)
			}
			continue
		}
		if !core {
			continue
		}
		if spec.Name != nil && spec.Name.Name == "." {
			fault(spec.Pos(), "%s imports %s without a name, which hides where words come from", pkg, target)
		}
		if slices.Contains(forbidden, target) {
			if key := pkg + " " + target; excepted[key] != "" {
				seen.exceptions[key] = true
				continue
			}
			fault(spec.Pos(), "%s imports %s: core packages take values and return values", pkg, target)
		}
	}
	if !core {
		return faults
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && slices.Contains(calls, names[x.Name]+"."+n.Sel.Name) {
				fault(n.Pos(), "%s uses %s.%s: the same input must give the same bytes, in silence", pkg, names[x.Name], n.Sel.Name)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "println" || f.Name == "print") {
				fault(n.Pos(), "%s calls %s: core packages are silent", pkg, f.Name)
			}
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				fault(n.Pos(), "%s has an init function: what runs must be called", pkg)
			}
		}
		return true
	})
	return faults
}

// touchesSystem says whether the package may touch the operating system.
func touchesSystem(pkg string) bool {
	for p := pkg; p != "."; p = path.Dir(p) {
		if _, ok := shell[p]; ok {
			return true
		}
	}
	return false
}
