package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
)

// TestGoroutinesCarryPanics: a panic in a goroutine ends the process, whoever
// recovers elsewhere, so each one is started by crash.Group or calls crash.Catch.
func TestGoroutinesCarryPanics(t *testing.T) {
	t.Parallel()
	seen := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || path.Dir(name) == "crash" {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if seen++; !names(n, "crash", "Catch") {
					t.Errorf("%s starts a goroutine without crash.Catch", fset.Position(n.Pos()))
				}
			case *ast.SelectorExpr:
				if names(n, "sync", "WaitGroup") {
					t.Errorf("%s takes sync.WaitGroup, not crash.Group", fset.Position(n.Pos()))
				}
				if names(n, "crash", "Group") {
					seen++
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 5 {
		t.Errorf("only %d places were looked at", seen)
	}
}

// names says whether a node names what a package has.
func names(n ast.Node, pkg, what string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == what {
			id, ok := s.X.(*ast.Ident)
			found = found || ok && id.Name == pkg
		}
		return true
	})
	return found
}
