package render

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

var fixtures = map[string]func(testing.TB) Input{"site": site, "plain": plain, "bare": bare}

func render(t testing.TB, in Input) fileset.Set {
	t.Helper()
	set, diags := Render(in)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return set
}

func TestRender(t *testing.T) {
	for name, fixture := range fixtures {
		t.Run(name, func(t *testing.T) {
			golden.Tree(t, filepath.Join("testdata", name), render(t, fixture(t)))
		})
	}
}

func TestRenderIsDeterministic(t *testing.T) {
	for name, fixture := range fixtures {
		first := render(t, fixture(t))
		for range 20 {
			again := render(t, fixture(t))
			if first.Len() != again.Len() {
				t.Fatalf("%s: %d files, then %d", name, first.Len(), again.Len())
			}
			for i, f := range again.Files() {
				if f.Path != first.Files()[i].Path || !bytes.Equal(f.Bytes, first.Files()[i].Bytes) {
					t.Fatalf("%s: %s differs between two runs", name, f.Path)
				}
			}
		}
	}
}

// TestDraft: a draft has the files of a rendering but NOTES.md, and all but README.md
// as there.
func TestDraft(t *testing.T) {
	for name, fixture := range fixtures {
		in := fixture(t)
		whole := render(t, in)
		in.Draft = true
		draft := render(t, in)
		for _, f := range whole.Files() {
			content, there := draft.Get(f.Path)
			if there == (f.Path == NotesPath) {
				t.Errorf("%s: %s is in the draft: %t", name, f.Path, there)
			}
			if same := bytes.Equal(content, f.Bytes); same == (f.Path == "README.md" || f.Path == NotesPath || f.Path == ManifestPath) {
				t.Errorf("%s: %s is the same %t", name, f.Path, same)
			}
		}
		if _, noted := whole.Get(NotesPath); draft.Len() != whole.Len() && !noted {
			t.Errorf("%s: a draft of %d files, want %d", name, draft.Len(), whole.Len())
		}
	}
}

func TestRenderedHCLParses(t *testing.T) {
	for name, fixture := range fixtures {
		set := render(t, fixture(t))
		for _, f := range set.Files() {
			switch filepath.Ext(f.Path) {
			case ".tf", ".hcl", ".tfvars":
				if _, diags := hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos); diags.HasErrors() {
					t.Errorf("%s: %v", name, diags)
				}
			}
		}
	}
}

// TestRenderedIsFormatted asks terraform itself, where there is one.
func TestRenderedIsFormatted(t *testing.T) {
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not on the PATH: install Terraform 1.11 or newer; the goldens are compared without it")
	}
	for name, fixture := range fixtures {
		dir := write(t, render(t, fixture(t)))
		if out, err := runIn(t, dir, terraform, "fmt", "-check", "-diff", "-recursive"); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// TestRenderedRuns applies and tests the rendering that needs no provider.
func TestRenderedRuns(t *testing.T) {
	harness.Live(t)
	core := harness.Either(t)
	dir := write(t, render(t, plain(t)))
	example := filepath.Join(dir, "examples", "complete")
	for _, step := range []struct {
		dir  string
		args []string
		want string
	}{
		{dir, []string{"init"}, "successfully initialized"},
		{dir, []string{"validate"}, "configuration is valid"},
		{dir, []string{"test"}, "1 passed, 0 failed"},
		{dir, []string{"plan", "-var-file=envs/dev.tfvars"}, "1 to add"},
		{example, []string{"init"}, "successfully initialized"},
		{example, []string{"apply", "-auto-approve"}, `"size" = 3`},
	} {
		out, err := runIn(t, step.dir, core.Path, append(step.args, "-no-color")...)
		if err != nil || !strings.Contains(out, step.want) {
			t.Fatalf("%s %s: %v, want %q in:\n%s", core.Name, strings.Join(step.args, " "), err, step.want, out)
		}
	}
}

func TestManifest(t *testing.T) {
	set := render(t, site(t))
	content, _ := set.Get(ManifestPath)
	m, err := ParseManifest(content)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(content), "profile") || m.Profile != "" {
		t.Errorf("a profile that was not asked for: %s", content)
	}
	if m.Format != 2 || m.Blueprint != "site" || m.Version != "2.1.0" || m.Layout != "flat" || string(m.Options["tier"]) != `"large"` {
		t.Errorf("the manifest says %+v", m)
	}
	if len(m.Files) != set.Len()-1 {
		t.Errorf("the manifest lists %d files, want all %d but itself", len(m.Files), set.Len())
	}
	if digest, err := baseline.Digest(baseline.Of(set)); err != nil || m.Base != digest {
		t.Errorf("the manifest has the base %q, want %q: %v", m.Base, digest, err)
	}
	for _, f := range set.Files() {
		if f.Path != ManifestPath && m.Files[f.Path] != f.SHA256() {
			t.Errorf("the manifest has %q for %s, want %q", m.Files[f.Path], f.Path, f.SHA256())
		}
	}
}

func TestManifestNamesTheProfile(t *testing.T) {
	in := site(t)
	in.Profile = "prd"
	set := render(t, in)
	content, _ := set.Get(ManifestPath)
	if m, err := ParseManifest(content); err != nil || m.Profile != "prd" {
		t.Errorf("the manifest says %+v, %v", m, err)
	}
}

func TestParseManifest(t *testing.T) {
	for text, want := range map[string]string{
		`{"format": 1, "blueprint": "b", "options": {}}`: "",
		`{"format": 2, "blueprint": "b", "options": {}}`: "",
		`{"format": 3, "blueprint": "b", "options": {}}`: "from a newer bpgen",
		`{"format": 1}`: "is not a manifest",
		`{}`:            "is not a manifest",
		`{`:             "cannot be read",
		``:              "cannot be read",
	} {
		_, err := ParseManifest([]byte(text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestWithoutAlias(t *testing.T) {
	in := site(t)
	in.Module.Versions.Providers[0].Aliases = nil
	set := render(t, in)
	for path, word := range map[string]string{"versions.tf": "configuration_aliases", examplePath: "us_east_1", testFile: "alias", "README.md": "which passes the providers"} {
		content, ok := set.Get(path)
		if !ok || bytes.Contains(content, []byte(word)) {
			t.Errorf("%s is missing or speaks of %s:\n%s", path, word, content)
		}
	}
	if content, _ := set.Get("envs/prd.tfvars"); !bytes.Contains(content, []byte("terraform plan -var-file=envs/prd.tfvars\n")) {
		t.Errorf("envs/prd.tfvars does not say how to use it:\n%s", content)
	}
}

func TestTarget(t *testing.T) {
	for target, words := range map[string][]string{
		"both":      {"It requires Terraform or OpenTofu `>= 1.11.0`.", "`terraform plan -var-file=envs/dev.tfvars`", "\nterraform test\n"},
		"terraform": {"It requires Terraform `>= 1.11.0`.", "`terraform plan -var-file=envs/dev.tfvars`", "\nterraform test\n"},
		"opentofu":  {"It requires OpenTofu `>= 1.11.0`.", "`tofu plan -var-file=envs/dev.tfvars`", "\ntofu test\n"},
	} {
		in := plain(t)
		in.Choices = choose(t, in.Blueprint, resolve.Input{Name: resolve.Target, Raw: target})
		set := render(t, in)
		readme, _ := set.Get("README.md")
		for _, w := range words {
			if !bytes.Contains(readme, []byte(w)) {
				t.Errorf("target %s: the README does not say %q:\n%s", target, w, readme)
			}
		}
	}
}

// TestEnvs says which variables a file of values leaves to its user.
func TestEnvs(t *testing.T) {
	set := render(t, site(t))
	for path, want := range map[string]bool{"envs/dev.tfvars": false, "envs/prd.tfvars": true} {
		content, _ := set.Get(path)
		if got := bytes.Contains(content, []byte("# Also needed: name.\n")); got != want {
			t.Errorf("%s: the note on what is needed is there: %t, want %t:\n%s", path, got, want, content)
		}
	}
}

func TestErrors(t *testing.T) {
	tests := map[string]struct {
		change func(*Input)
		want   string
	}{
		"a required variable without example value": {
			func(in *Input) {
				in.Module.Variables = append(in.Module.Variables, link.Variable{Name: "zone", Required: true})
			},
			`requires the variable "zone"`,
		},
		"two files of one name": {
			func(in *Input) {
				in.Module.Files = append(in.Module.Files, link.File{Name: "LOGS.tf", Body: []byte("# x\n")})
			},
			`two files have the path "LOGS.tf"`,
		},
		"a file that climbs out": {
			func(in *Input) { in.Module.Files[0].Name = "../logs.tf" },
			"leads out of the output directory",
		},
		"a profile that does not evaluate": {
			func(in *Input) { in.Choices = nil },
			`does not have an attribute named "tier"`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := site(t)
			test.change(&in)
			_, diags := Render(in)
			if !diags.HasErrors() || !strings.Contains(diags.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", diags, test.want)
			}
		})
	}
}

func write(t *testing.T, set fileset.Set) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range set.Files() {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func runIn(t *testing.T, dir, name string, args ...string) (string, error) {
	t.Helper()
	config := filepath.Join(t.TempDir(), "terraform.tfrc")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
