package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing"
)

// A selection is a name behind a dot in the source of a package: os.Open, or the
// Open of file.Open.
type selection struct {
	file string // that it stands in
	from string // path of the package that it is of, or "" for a field or a method
	name string
	at   token.Position
}

// selections calls visit with every selection in the Go files below generator,
// but for those of tests.
func selections(t *testing.T, root fs.FS, visit func(selection)) {
	t.Helper()
	fset := token.NewFileSet()
	err := fs.WalkDir(root, "generator", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, src, 0)
		if err != nil {
			return err
		}
		packages, err := imported(file)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				s := selection{file: name, name: sel.Sel.Name, at: fset.Position(sel.Pos())}
				if x, ok := sel.X.(*ast.Ident); ok {
					s.from = packages[x.Name]
				}
				visit(s)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// imported returns the paths of the packages that a file imports, by the names
// that it calls them.
func imported(file *ast.File) (map[string]string, error) {
	out := map[string]string{}
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(path.Base(target), "go-") // as go-yaml is called yaml
		if spec.Name != nil {
			name = spec.Name.Name
		}
		out[name] = target
	}
	return out, nil
}
