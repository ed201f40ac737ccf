package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// harnessPackage has the function Live, by which a test says that it runs a real core.
const harnessPackage = "github.com/bpgen/bpgen/acceptance/harness"

// sharing are the packages that whoever shares something between goroutines, or
// starts them, imports.
var sharing = []string{"sync", "sync/atomic", "github.com/bpgen/bpgen/generator/crash", "github.com/bpgen/bpgen/generator/memo"}

// live returns the packages below a directory with tests that run a real core, and the
// pattern of these tests: the others of these packages have been run without one.
func live(dir string) (packages []string, pattern string, err error) {
	var names []string
	err = eachPackage(dir, func(name string, files []*ast.File) {
		if found := liveTests(files); len(found) > 0 {
			packages, names = append(packages, name), append(names, found...)
		}
	}, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
	if err == nil && len(names) == 0 {
		err = errors.New("no test runs a real core")
	}
	slices.Sort(names)
	return packages, "^(" + strings.Join(slices.Compact(names), "|") + ")$", err
}

// liveTests are the tests of a package that call harness.Live, themselves or by
// functions of the package.
func liveTests(files []*ast.File) []string {
	uses := map[string]map[string]bool{} // by function, what it names
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			names := map[string]bool{}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if id, ok := n.X.(*ast.Ident); ok && id.Name == path.Base(harnessPackage) && n.Sel.Name == "Live" {
						names["harness.Live"] = true
					}
				case *ast.Ident:
					names[n.Name] = true
				}
				return true
			})
			uses[fn.Name.Name] = names
		}
	}
	reaches := map[string]bool{"harness.Live": true}
	for before := 0; before < len(reaches); {
		before = len(reaches)
		for name, used := range uses {
			for other := range used {
				if reaches[other] {
					reaches[name] = true
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(reaches)), func(name string) bool { return !strings.HasPrefix(name, "Test") || name == "TestMain" })
}

// racing returns the packages below a directory whose own code starts goroutines or
// shares something between them. What races in another package does so because one of
// these calls it, and their tests do.
func racing(dir string) ([]string, error) {
	var packages []string
	err := eachPackage(dir, func(name string, files []*ast.File) {
		if slices.ContainsFunc(files, shares) {
			packages = append(packages, name)
		}
	}, func(file string) bool { return !strings.HasSuffix(file, "_test.go") })
	if err == nil && len(packages) == 0 {
		err = errors.New("no package starts a goroutine")
	}
	return packages, err
}

func shares(f *ast.File) bool {
	for _, i := range f.Imports {
		if name, err := strconv.Unquote(i.Path.Value); err == nil && slices.Contains(sharing, name) {
			return true
		}
	}
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		_, starts := n.(*ast.GoStmt)
		found = found || starts
		return !found
	})
	return found
}

// eachPackage reads the packages of the module in a directory, by the names that go
// test takes.
func eachPackage(dir string, visit func(name string, files []*ast.File), wanted func(file string) bool) error {
	root := os.DirFS(dir)
	return fs.WalkDir(root, ".", func(at string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if base := path.Base(at); at != "." && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
			return fs.SkipDir
		}
		if _, err := fs.Stat(root, path.Join(at, "go.mod")); err == nil && at != "." {
			return fs.SkipDir // a module of its own
		}
		sources, err := fs.Glob(root, path.Join(at, "*.go"))
		if err != nil {
			return err
		}
		var files []*ast.File
		for _, name := range sources {
			if !wanted(name) {
				continue
			}
			src, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
			if err != nil {
				return fmt.Errorf("reading a package: %w", err)
			}
			files = append(files, file)
		}
		if len(files) > 0 {
			visit("./"+at, files)
		}
		return nil
	})
}
