// Command gen writes the trees of the built-in templates and blueprints for
// package builtin. It takes the folder of the project and the file to write;
// `go generate` in package builtin runs it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bpgen/bpgen/generator/object"
)

// sources are the files that a render parses, in the order of the output.
var sources = []string{"blueprints/*/blueprint.hcl", "blueprints/parts/*.hcl", "templates/*/*.tf", "templates/*/deviations.hcl", "templates/*/tests/*.tftest.hcl", "templates/*/tests/mocks/*.tfmock.hcl"}

func main() {
	root := flag.String("root", ".", "directory of the project")
	to := flag.String("to", "objects.bin", "file to write")
	flag.Parse()
	if err := run(*root, *to); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(root, to string) error {
	var all []object.Source
	for _, pattern := range sources {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return err
		}
		for _, f := range files {
			name, err := filepath.Rel(root, f)
			if err != nil {
				return err
			}
			src, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			all = append(all, object.Source{Name: filepath.ToSlash(name), Src: src})
		}
	}
	data, err := object.Encode(all)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}
