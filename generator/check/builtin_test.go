package check_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/templates"
)

// TestBuiltIn holds what bpgen carries to its own rules.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	long(t)
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, name := range cat.Blueprints() {
		for _, d := range check.Blueprint(t.Context(), cat, name, nil).Diagnostics {
			t.Errorf("%s: %s: %s (%v)", name, d.Summary, d.Detail, d.Subject)
		}
	}
}

// TestBuiltInMutants breaks the built-in blueprint in ways that its defaults
// survive, and holds that each is found with the options that it needs.
func TestBuiltInMutants(t *testing.T) {
	t.Parallel()
	long(t)
	mutants := []struct{ old, new, summary, words string }{
		{"= option.waf ? component.waf.arn : null", "= component.waf.arn", "Reference to a component that is not rendered", "Found with waf = false."},
		{"primary_endpoint\n  when        = option.cache != \"none\"", "primary_endpoint\n  when        = option.cache != \"valkey\"", "Reference to a component that is not rendered", "Found with cache = \"none\"."},
		{"images_kept = 30", "images_kept = option.zones == 2 ? 1 : 30", "Invalid value for the chosen options", "Found with zones = 2."},
		{"= [\"elasticache-redis.engine\"]", "= [\"elasticache-redis.engin\"]", "Unknown entry of the notes", "elasticache-redis.engine"},
		{"database_mysql_version ", "database_mysql_versions ", "Unknown variable", "database_mysql_version"},
		{"= \"1f0c2d3\"", "= \"latest\"", "Value not allowed", "latest"},
	}
	broken := fstest.MapFS{}
	if err := copyTree(broken, "ecs-fargate/blueprint.hcl", "parts", "notes"); err != nil {
		t.Fatal(err)
	}
	for _, m := range mutants {
		found := false
		for name, f := range broken {
			if strings.HasSuffix(name, ".hcl") && bytes.Contains(f.Data, []byte(m.old)) {
				found = true
				f.Data = bytes.Replace(f.Data, []byte(m.old), []byte(m.new), 1)
				break
			}
		}
		if !found {
			t.Fatalf("neither the blueprint nor a part holds %q; choose another place to break", m.old)
		}
	}
	cat, diags := catalog.New(catalog.Root{Blueprints: broken, Templates: templates.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	diags = check.Blueprint(t.Context(), cat, "ecs-fargate", nil).Diagnostics
	for _, m := range mutants {
		found := false
		for _, d := range diags {
			found = found || d.Severity == hcl.DiagError && d.Summary == m.summary && strings.Contains(d.Detail, m.words)
		}
		if !found {
			t.Errorf("with %q nothing says %q and %q", m.new, m.summary, m.words)
		}
	}
	if t.Failed() || len(diags) > len(mutants) {
		t.Errorf("%d faults lead to %d findings:\n%s", len(mutants), len(diags), printed(t, cat, diags))
	}
}

// long skips what takes minutes under the race detector, which -short stands for;
// TestClean and TestFaulty take the same ways.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes minutes under the race detector: run without -short")
	}
}

// copyTree copies files and directories of the built-in blueprints, such as the notes.
func copyTree(into fstest.MapFS, roots ...string) error {
	for _, root := range roots {
		err := fs.WalkDir(blueprints.FS, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := fs.ReadFile(blueprints.FS, name)
			into[name] = &fstest.MapFile{Data: content}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
