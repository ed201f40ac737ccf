package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/iostreams"
)

// proofs runs a command on the blueprint in testdata/proofs, in whose files texts are
// replaced or appended to, and returns the exit code and what is printed.
func proofs(t *testing.T, edits map[string][2]string, args ...string) (shell.Code, string) {
	t.Helper()
	ios, _, out, errOut := iostreams.Test()
	ios.SetTTY(false, func(string) string { return "" })
	open := func(part string) fs.FS {
		files, dir := fstest.MapFS{}, filepath.Join("testdata", "proofs", part)
		if err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // Of testdata.
			files[name] = &fstest.MapFile{Data: text}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for name, edit := range edits {
			rest, mine := strings.CutPrefix(name, part+"/")
			switch {
			case !mine:
			case edit[0] == "": // append, perhaps to nothing
				var old []byte
				if files[rest] != nil {
					old = files[rest].Data
				}
				files[rest] = &fstest.MapFile{Data: append(old, edit[1]...)}
			case !strings.Contains(string(files[rest].Data), edit[0]):
				t.Fatalf("%s does not hold %q", name, edit[0])
			default:
				files[rest] = &fstest.MapFile{Data: []byte(strings.Replace(string(files[rest].Data), edit[0], edit[1], 1))}
			}
		}
		return files
	}
	f := &shell.Factory{IO: ios, Blueprints: open("blueprints"), Templates: open("templates"), Generate: generator.Generate, Preview: generator.Preview}
	code := cli.Run(t.Context(), f, args)
	return code, out.String() + errOut.String()
}

// TestBadProofs holds what is said of proofs, citations and entries of the notes that
// are wrong: each with its file, its line and the text there.
func TestBadProofs(t *testing.T) {
	t.Parallel()
	const file, ledger = "blueprints/proofs/a.hcl", "blueprints/notes/a.yaml"
	one := func(name, from, to string) map[string][2]string { return map[string][2]string{name: {from, to}} }
	for name, c := range map[string]struct {
		edits map[string][2]string
		args  string
		code  shell.Code
	}{
		"unknown-path":        {one(file, "key_rotation", "key_rotations"), "", shell.Failed},
		"unknown-type":        {one(file, "aws_kms_key", "aws_kms_keys"), "", shell.Failed},
		"unknown-matcher":     {one(file, "= true", "= at_last(1)"), "", shell.Failed},
		"unknown-claim":       {one(file, "every", "each"), "", shell.Failed},
		"unknown-rule":        {one(file, "  every \"aws_kms_key\" {\n    enable_key_rotation = true\n  }\n", "  rule \"rotate-key\" {\n    turn \"aws_kms_key\" {\n      enable_key_rotation = false\n    }\n  }\n"), "", shell.Failed},
		"unknown-entry":       {one(file, "\"a.key\"", "\"a.kay\""), "", shell.Failed},
		"duplicate-proof":     {one(file, "", "\nwaive \"a.key\" {\n  reason = \"No keys.\"\n}\n"), "", shell.Failed},
		"duplicate-entry":     {one(ledger, "", "- id: \"a.key\"\n  kind: \"rule\"\n"), "", shell.Failed},
		"entry-of-no-system":  {one(ledger, "", "- id: \"z.key\"\n  kind: \"rule\"\n"), "", shell.Failed},
		"proofs-of-no-system": {one("blueprints/proofs/z.hcl", "", "waive \"z.key\" {\n  reason = \"No.\"\n}\n"), "", shell.Failed},
		"unreachable-type":    {one(file, "every \"aws_kms_key\" {\n    enable_key_rotation = true", "some \"aws_vpc\" {\n    enable_dns_support = true"), "", shell.Findings},
		"unreachable-options": {one(file, "proof \"a.key\" {", "proof \"a.key\" {\n  options = { key = \"both\" }\n"), "", shell.Findings},
		"unreachable-option":  {one(file, "proof \"a.key\" {", "proof \"a.key\" {\n  options = { kay = true }\n"), "", shell.Findings},
		"unknown-citation":    {one("templates/t/main.tf", "a.talk, a.other", "a.tale"), "--citations", shell.Failed},
		"not-yaml":            {one(ledger, "", "- id: [\n"), "", shell.Failed},
		"not-hcl":             {one(file, "", "proof \"a.b\" {\n"), "", shell.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, text := proofs(t, c.edits, append([]string{"notes", "coverage"}, strings.Fields(c.args)...)...)
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			golden.File(t, filepath.Join("testdata", "screens", "proofs-"+name+".txt"), []byte(text))
		})
	}
	if code, text := proofs(t, nil, "notes", "coverage"); code != shell.OK {
		t.Errorf("exit %d without a fault:\n%s", code, text)
	}
}
