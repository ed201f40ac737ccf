package vet_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/vet"
)

// The modules of testdata/truth are accepted by the real Terraform with the
// real hashicorp/aws 5.100 (TestTerraformAgrees), so vet finds nothing.
func TestTruthHasNoFindings(t *testing.T) {
	for _, dir := range truths(t) {
		if res := run(read(t, dir)); len(res.Findings) > 0 {
			t.Errorf("%s:\n%s", dir, lines(res.Findings))
		}
	}
}

func truths(t testing.TB) []string {
	t.Helper()
	dirs, err := filepath.Glob("testdata/truth/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no module in testdata/truth", err)
	}
	return dirs
}

// A mutant is a module with one mistake.
type mutant struct {
	what   string
	src    []byte
	later  bool // Terraform decides when it plans, not when it validates
	valued bool // what is wrong shows in values alone, which vet does not follow
}

// mutants makes every mutant of one file: each argument renamed, removed and
// given values of other types; each block renamed, removed, doubled; each
// reference misspelt at its last step and given an index it should not have.
func mutants(t testing.TB, name string, src []byte) []mutant {
	t.Helper()
	f, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	type edit struct {
		what     string
		from, to int
		text     string
		later    bool
		valued   bool
	}
	var edits []edit
	later, valued := false, false
	add := func(what string, rng hcl.Range, text string) {
		edits = append(edits, edit{fmt.Sprintf("%s at line %d: %s -> %s", what, rng.Start.Line, rng.SliceBytes(src), text), rng.Start.Byte, rng.End.Byte, text, later, valued})
	}
	var body func(b *hclsyntax.Body, top bool)
	body = func(b *hclsyntax.Body, top bool) {
		for _, a := range b.Attributes {
			// Terraform reads these while it loads, before anything else.
			switch a.Name {
			case "description", "sensitive", "depends_on", "source":
				continue
			}
			outer := later
			later = later || a.Name == "count" || a.Name == "for_each"
			valued = a.Name == "for_each"
			add("argument", a.NameRange, a.Name+"_x")
			add("removed", a.SrcRange, "")
			add("value", a.Expr.Range(), `["x"]`)
			add("value", a.Expr.Range(), `"x"`)
			add("value", a.Expr.Range(), `{ x = "x" }`)
			for _, tr := range a.Expr.Variables() {
				last := tr[len(tr)-1].SourceRange()
				before := later
				later = later || tr.RootName() == "each"
				add("reference", last, string(last.SliceBytes(src))+"_x")
				if len(tr) >= 2 {
					switch tr.RootName() {
					case "var", "local":
						later = true
					}
					add("indexed", tr[:2].SourceRange(), string(tr[:2].SourceRange().SliceBytes(src))+"[0]")
				}
				later = before
			}
			later, valued = outer, false
		}
		for _, inner := range b.Blocks {
			rng := inner.Range()
			if !top {
				add("block", inner.TypeRange, inner.Type+"_x")
				add("removed", rng, "")
				add("doubled", rng, string(rng.SliceBytes(src))+"\n"+string(rng.SliceBytes(src)))
			} else if inner.Type == "resource" || inner.Type == "data" {
				add("type", inner.LabelRanges[0], `"`+inner.Labels[0]+`_x"`)
			}
			// Blocks that Terraform reads before it looks at anything stop it
			// from judging the other mutants.
			switch inner.Type {
			case "terraform", "variable", "check", "moved", "removed", "lifecycle", "provisioner", "precondition":
				continue
			}
			outer := later
			later = later || inner.Type == "dynamic" || inner.Type == "locals"
			body(inner.Body, false)
			later, valued = outer, false
		}
	}
	body(f.Body.(*hclsyntax.Body), true)
	slices.SortFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.text, b.text))
	})
	var out []mutant
	for _, e := range edits {
		out = append(out, mutant{
			what:   e.what,
			src:    slices.Concat(src[:e.from], []byte(e.text), src[e.to:]),
			later:  e.later,
			valued: e.valued,
		})
	}
	return out
}

// structural are the summaries of what Terraform's core finds with the schema
// and the declarations alone; the provider's own validation is not vet's.
var structural = []string{
	"Unsupported argument", "Missing required argument", "Unsupported attribute", "Unsupported block type",
	"Incorrect attribute value type", "Reference to undeclared", "Insufficient ", "Too many ", "Value for unconfigurable attribute",
	"Missing resource instance key", "Unexpected resource instance key", "Invalid index", "Invalid resource type", "Invalid data source",
	"Invalid reference", "Missing dynamic", "Unsupported dynamic", "Invalid template interpolation value",
}

func isStructural(message string) bool {
	if strings.HasPrefix(message, "Missing required argument") && !strings.Contains(message, "is required, but") {
		return false // the provider's, about arguments that need each other
	}
	return slices.ContainsFunc(structural, func(s string) bool { return strings.HasPrefix(message, s) })
}

// TestTerraformAgrees lets the real Terraform judge many mutants of the truth
// modules at once, each as a child module of one root, and compares: what vet
// calls an error Terraform refuses, and what Terraform's core refuses vet finds.
func TestTerraformAgrees(t *testing.T) {
	harness.Live(t)
	core := harness.Find(t, harness.Terraform)
	provider := harness.RealAWS(t, core)
	step := 7 // a sample that takes about a minute; VET_ALL takes them all
	if os.Getenv("VET_ALL") != "" {
		step = 1
	}
	for _, dir := range truths(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var original module
			for _, f := range read(t, dir) {
				switch {
				case f.Path == "main.tf":
					original.src = f.Bytes
				case strings.HasSuffix(f.Path, ".tf"): // test files cannot lie in child modules
					original.rest = append(original.rest, f)
				}
			}
			all := mutants(t, "main.tf", original.src)
			var sample []mutant
			for i := 0; i < len(all); i += step {
				if !stopsTerraform(original.with(all[i].src)) {
					sample = append(sample, all[i])
				}
			}
			for batch := range slices.Chunk(sample, 60) {
				judge(t, func(dir string) *harness.Runner { return core.In(t, dir, provider) }, original, batch)
			}
		})
	}
}

// A module is main.tf and the files that stay as they are.
type module struct {
	src  []byte
	rest []fileset.File
}

func (m module) with(src []byte) []fileset.File {
	return append(slices.Clone(m.rest), fileset.File{Path: "main.tf", Bytes: src})
}

// stopsTerraform says whether vet finds what Terraform reports before it looks
// at any other module: then one mutant would hide all others of its batch.
func stopsTerraform(files []fileset.File) bool {
	for _, d := range run(files).Findings {
		f, _ := vet.FindingOf(d)
		switch f.Rule.ID() {
		case "parse", "duplicate", "cycle", "invalid-name", "module-call", "undeclared-provider", "version-constraint":
			return true
		}
		switch d.Summary {
		case "Both count and for_each", "Wrong number of labels", "Not a list of references", "Not a reference", "Not a list of arguments", "Not an argument":
			return true
		}
		if strings.Contains(d.Detail, "lifecycle") || strings.Contains(d.Detail, "precondition") || strings.HasPrefix(d.Detail, "Output ") || strings.HasPrefix(d.Detail, "The dynamic block") {
			return true
		}
	}
	return false
}

func judge(t *testing.T, in func(dir string) *harness.Runner, original module, batch []mutant) {
	t.Helper()
	dir := t.TempDir()
	write := func(child string, files []fileset.File) {
		for _, f := range files {
			name := filepath.Join(dir, child, filepath.FromSlash(f.Path))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, f.Bytes, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	var root bytes.Buffer
	call := func(child string, src []byte) {
		fmt.Fprintf(&root, "module %q {\n  source = \"./%s\"\n}\n\n", child, child)
		write(child, original.with(src))
	}
	for i, m := range batch {
		call(fmt.Sprintf("m%03d", i), m.src)
	}
	call("original", original.src)
	write(".", []fileset.File{{Path: "main.tf", Bytes: root.Bytes()}})
	runner := in(dir)
	if err := runner.Init(); err != nil {
		t.Fatal(err)
	}
	out, _ := runner.Run("", "validate", "-json") // it exits 1 when it finds something; the JSON says what
	var result struct {
		Diagnostics []struct {
			Severity, Summary, Detail string
			Range                     *struct{ Filename string }
		}
	}
	if err := json.Unmarshal([]byte(out), &result); err != nil {
		t.Fatalf("terraform validate: %v\n%s", err, out)
	}
	refused := map[string][]string{}
	for _, d := range result.Diagnostics {
		if d.Severity != "error" {
			continue
		}
		if d.Range == nil {
			t.Fatalf("terraform says something about the whole: %s: %s", d.Summary, d.Detail)
		}
		child := strings.SplitN(filepath.ToSlash(d.Range.Filename), "/", 2)[0]
		refused[child] = append(refused[child], d.Summary+": "+d.Detail)
	}
	if len(refused["original"]) > 0 {
		t.Fatalf("terraform refuses the module itself: %v", refused["original"])
	}
	if len(refused) < len(batch)/3 {
		t.Fatalf("terraform refuses %d of %d mutants: it cannot have looked at them", len(refused), len(batch))
	}
	both := 0
	for i, m := range batch {
		child := fmt.Sprintf("m%03d", i)
		var errs hcl.Diagnostics
		for _, d := range run(original.with(m.src)).Findings {
			if d.Severity == hcl.DiagError {
				errs = append(errs, d)
			}
		}
		switch {
		case len(errs) > 0 && len(refused[child]) == 0 && m.later:
			// Variables and for_each have no values in validate, so Terraform
			// neither looks into a dynamic block over one nor at elements.
		case len(errs) > 0 && len(refused[child]) == 0:
			t.Errorf("%s: vet finds, terraform accepts:\n%s", m.what, lines(errs))
		case len(errs) == 0 && m.valued:
		case len(errs) == 0 && slices.ContainsFunc(refused[child], isStructural):
			t.Errorf("%s: vet finds nothing, terraform says:\n%s", m.what, strings.Join(refused[child], "\n"))
		case len(errs) > 0:
			both++
		}
	}
	t.Logf("%d mutants: both refuse %d, terraform's provider alone %d", len(batch), both, len(refused)-both)
}

// TestTerraformFmtAgrees compares the rule format with `terraform fmt -check`.
func TestTerraformFmtAgrees(t *testing.T) {
	harness.Live(t)
	terraform := harness.Find(t, harness.Terraform).Path
	const base = "locals {\n  a   = 1\n  bcd = [\"${var.x}\", var.x]\n}\n\nvariable \"x\" {\n  type = string\n}\n"
	cases := map[string]string{
		"formatted":           base,
		"unaligned":           strings.Replace(base, "a   =", "a =", 1),
		"no spaces":           strings.Replace(base, "a   = 1", "a   =1", 1),
		"indentation":         strings.Replace(base, "  type", "type", 1),
		"trailing space":      strings.Replace(base, "= 1", "= 1 ", 1),
		"trailing blank line": base + "\n",
		"two blank lines":     strings.Replace(base, "\n\n", "\n\n\n", 1),
		"no final newline":    strings.TrimSuffix(base, "\n"),
		"leading newline":     "\n" + base,
		"windows":             strings.ReplaceAll(base, "\n", "\r\n"),
		"label":               strings.Replace(base, `variable "x"`, "variable x", 1),
		"quoted type":         strings.Replace(base, "type = string", `type = "string"`, 1),
		"quoted list type":    strings.Replace(base, "type = string", `type = "list"`, 1),
		"bare list type":      strings.Replace(base, "type = string", "type = list", 1),
		"bare set type":       strings.Replace(base, "type = string", "type = set", 1),
		"bare map type":       strings.Replace(base, "type = string", "type = map", 1),
		"interpolation":       strings.Replace(base, "= 1", `= "${var.x}"`, 1),
		"operator":            strings.Replace(base, "= 1", `= "${var.x + 1}"`, 1),
		"in brackets":         strings.Replace(base, "= 1", `= ("${var.x}")`, 1),
		"conditional":         strings.Replace(base, "= 1", `= "${var.x ? 1 : 2}"`, 1),
		"many lines":          strings.Replace(base, "= 1", "= \"${concat(\n    [],\n  )}\"", 1),
		"two parts":           strings.Replace(base, "= 1", `= "${var.x}${var.x}"`, 1),
		"quotes inside":       strings.Replace(base, "= 1", `= "${"x"}"`, 1),
		"object":              strings.Replace(base, "= 1", "= { b=1 }", 1),
		"multi-line object":   strings.Replace(base, "= 1", "= {\n    b = 1\n    cd = 2\n  }", 1),
		"commas":              strings.Replace(base, "= 1", "= { b = 1,c = 2 }", 1),
		"heredoc":             strings.Replace(base, "= 1", "= <<EOT\n  x\nEOT", 1),
		"heredoc indented":    strings.Replace(base, "= 1", "= <<-EOT\nx\n  EOT", 1),
		"slashes":             "// comment\n" + base,
		"comment alignment":   strings.Replace(base, "= 1", "= 1 # one", 1),
		"one line block":      base + "\nlocals { b = 1 }\n",
		"empty block":         base + "\nlocals {\n}\n",
		"brace":               strings.Replace(base, "locals {", "locals{", 1),
		"tabs":                strings.Replace(base, "  type", "\ttype", 1),
		"unary":               strings.Replace(base, "= 1", "= ! true", 1),
		"index":               strings.Replace(base, "= 1", "= var.x [0]", 1),
	}
	dirs := truths(t)
	for _, dir := range dirs {
		for _, f := range read(t, dir) {
			cases[dir+"/"+f.Path] = string(f.Bytes)
		}
	}
	for name, src := range cases {
		cmd := exec.Command(terraform, "fmt", "-check", "-")
		cmd.Stdin = strings.NewReader(src)
		err := cmd.Run()
		code := cmd.ProcessState.ExitCode()
		if err != nil && code != 3 {
			t.Fatalf("%s: terraform fmt: %v", name, err)
		}
		found := slices.ContainsFunc(run([]fileset.File{{Path: "main.tf", Bytes: []byte(src)}}).Findings, func(d *hcl.Diagnostic) bool {
			f, _ := vet.FindingOf(d)
			return f.Rule.ID() == "format"
		})
		if found != (code == 3) {
			t.Errorf("%s: vet says unformatted: %v; terraform fmt exits %d\n%s", name, found, code, src)
		}
	}
}
