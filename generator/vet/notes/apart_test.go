package notes_test

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// TestApart: every rule finds the same in the modules of its fixtures and in a tree that
// has a module for each of their resources, which get each other's objects passed.
func TestApart(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	found := 0
	for _, p := range paths {
		a, err := txtar.ParseFile(p)
		if err != nil {
			t.Fatal(err)
		}
		dirs := map[string][]fileset.File{}
		for _, f := range a.Files {
			dirs[path.Dir(f.Name)] = append(dirs[path.Dir(f.Name)], fileset.File{Path: path.Base(f.Name), Bytes: f.Data})
		}
		for _, dir := range slices.Sorted(maps.Keys(dirs)) {
			whole := told(dirs[dir])
			split := told(apart(t, dirs[dir]))
			for what := range whole {
				found++
				if whole[what] != split[what] {
					t.Errorf("%s, %s: found %d times in one module, %d times in several: %s", p, dir, whole[what], split[what], what)
				}
			}
			for what := range split {
				if whole[what] == 0 {
					t.Errorf("%s, %s: found in several modules alone: %s", p, dir, what)
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d findings", found)
	}
}

var named = regexp.MustCompile(`\b((?:data\.)?[a-z0-9]+_[a-z0-9_]+)\.[a-zA-Z0-9_]+`)

// told counts what the rules of the notes find.
func told(files []fileset.File) map[string]int {
	out := map[string]int{}
	for _, d := range vet.Run(context.Background(), files, vet.Options{Rules: notes.Rules(), Formatted: true}).Findings {
		f, _ := vet.FindingOf(d)
		if _, noted := f.Rule.(vet.Noted); noted {
			out[f.Rule.ID()+": "+named.ReplaceAllString(d.Detail, "$1")]++
		}
	}
	return out
}

// A splitter takes a module apart.
type splitter struct {
	src   map[string][]byte
	names map[string]string          // of modules, by the addresses of what is in them
	asked map[string]map[string]bool // outputs, by the same
	files map[string]*strings.Builder
}

// apart returns a tree with a module for each resource and data source of a module. The
// root has what is left, and passes attributes on, or objects where they are taken whole.
func apart(t *testing.T, files []fileset.File) []fileset.File {
	t.Helper()
	s := &splitter{map[string][]byte{}, map[string]string{}, map[string]map[string]bool{}, map[string]*strings.Builder{"main.tf": {}}}
	var blocks []*hclsyntax.Block
	for _, f := range files {
		if !strings.HasSuffix(f.Path, ".tf") {
			continue
		}
		s.src[f.Path] = f.Bytes
		file, diags := hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		blocks = append(blocks, file.Body.(*hclsyntax.Body).Blocks...)
	}
	for _, b := range blocks {
		if len(b.Labels) == 2 {
			s.names[addressOf(b)] = strings.ReplaceAll(addressOf(b), ".", "_")
		}
	}
	for _, b := range blocks {
		if name := s.names[addressOf(b)]; name != "" {
			s.move(b, name)
			continue
		}
		text, _ := s.rewritten(b, func(address, attr string) string { return "module." + s.names[address] + "." + attr }, nil)
		s.files["main.tf"].WriteString(text + "\n")
	}
	for address, attrs := range s.asked {
		for attr := range attrs {
			value := address
			if attr != "this" {
				value += "." + attr
			}
			fmt.Fprintf(s.files["modules/"+s.names[address]+"/main.tf"], "\noutput %q {\n  value = %s\n}\n", attr, value)
		}
	}
	var out []fileset.File
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		out = append(out, fileset.File{Path: name, Bytes: []byte(s.files[name].String())})
	}
	return out
}

func addressOf(b *hclsyntax.Block) string {
	if b.Type == "data" {
		return "data." + strings.Join(b.Labels, ".")
	}
	return strings.Join(b.Labels, ".")
}

// move writes the module for a block and its call.
func (s *splitter) move(b *hclsyntax.Block, name string) {
	own := addressOf(b)
	text, passed := s.rewritten(b, func(address, attr string) string {
		if address == own {
			return own + strings.TrimSuffix("."+attr, ".this")
		}
		return "var." + s.names[address] + "_" + attr
	}, func(kind, name string) string { return "var." + kind + "_" + name })
	in := &strings.Builder{}
	s.files["modules/"+name+"/main.tf"] = in
	in.WriteString(text + "\n")
	call := s.files["main.tf"]
	fmt.Fprintf(call, "module %q {\n  source = \"./modules/%s\"\n", name, name)
	if a := b.Body.Attributes["provider"]; a != nil {
		alias := string(a.Expr.Range().SliceBytes(s.src[a.Expr.Range().Filename]))
		fmt.Fprintf(call, "  providers = {\n    %s = %s\n  }\n", alias, alias)
	}
	if a := b.Body.Attributes["depends_on"]; a != nil {
		var on []string
		for _, t := range a.Expr.Variables() {
			ref, _ := lang.Refer(t)
			on = append(on, "module."+s.names[ref.Address()])
		}
		fmt.Fprintf(call, "  depends_on = [%s]\n", strings.Join(on, ", "))
	}
	for _, v := range slices.Sorted(maps.Keys(passed)) {
		if strings.HasPrefix(passed[v], "module."+name+".") {
			continue
		}
		fmt.Fprintf(in, "\nvariable %q {}\n", v)
		fmt.Fprintf(call, "  %s = %s\n", v, passed[v])
	}
	call.WriteString("}\n")
}

// rewritten returns a block with other references to resources, and to local values and
// variables. Passed is what stands for the variables that these need.
func (s *splitter) rewritten(b *hclsyntax.Block, resource func(address, attr string) string, value func(kind, name string) string) (text string, passed map[string]string) {
	type edit struct {
		rng hcl.Range
		to  string
	}
	var edits []edit
	passed = map[string]string{}
	without := func(hcl.Range) bool { return false }
	if a := b.Body.Attributes["depends_on"]; a != nil && value != nil {
		edits = append(edits, edit{a.Range(), ""})
		without = func(r hcl.Range) bool { return r == a.Range() }
	}
	for _, t := range lang.Traversals(b.Body, without) {
		ref, ok := lang.Refer(t)
		if !ok {
			continue
		}
		end, attr := ref.Steps, "this"
		if len(t) > end {
			if a, ok := t[end].(hcl.TraverseAttr); ok {
				attr = a.Name
				end++
			}
		}
		rng := hcl.RangeBetween(t[0].SourceRange(), t[min(len(t), ref.Steps)-1].SourceRange())
		switch name := s.names[ref.Address()]; {
		case name != "":
			rng = hcl.RangeBetween(rng, t[min(len(t), end)-1].SourceRange())
			edits = append(edits, edit{rng, resource(ref.Address(), attr)})
			passed[name+"_"+attr] = "module." + name + "." + attr
			if s.asked[ref.Address()] == nil {
				s.asked[ref.Address()] = map[string]bool{}
			}
			s.asked[ref.Address()][attr] = true
		case value != nil && (t.RootName() == "local" || t.RootName() == "var"):
			edits = append(edits, edit{rng, value(t.RootName(), ref.Name)})
			passed[t.RootName()+"_"+ref.Name] = t.RootName() + "." + ref.Name
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return b.rng.Start.Byte - a.rng.Start.Byte })
	rng := hcl.RangeBetween(b.TypeRange, b.CloseBraceRange)
	src := s.src[rng.Filename]
	text = string(src[rng.Start.Byte:rng.End.Byte])
	for _, e := range edits {
		text = text[:e.rng.Start.Byte-rng.Start.Byte] + e.to + text[e.rng.End.Byte-rng.Start.Byte:]
	}
	return text, passed
}
