package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dlclark/regexp2"
	tfjson "github.com/hashicorp/terraform-json"
	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/acceptance/harness"
)

// TestConformance runs every case of testdata/conformance: its rendering is
// applied for real and compared with expect.json, and so is the meaning that
// was written by hand beside it, which proves the expectation itself.
func TestConformance(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join("testdata", "conformance", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	core := harness.Either(t)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			c, err := readCase(path)
			if err != nil {
				t.Fatal(err)
			}
			if why, only := c.files["terraform-only"]; only && core.Name != harness.Terraform {
				t.Skip(strings.TrimSpace(why) + ": this case needs Terraform")
			}
			// What reference.tf gives is asked for at most once.
			reference := sync.OnceValues(func() (map[string]any, error) {
				dir := harness.WorkDir(t)
				if err := c.write(dir); err != nil {
					return nil, err
				}
				state, err := c.apply(core.In(t, dir, harness.NoProvider))
				return outputs(state), err
			})
			if c.has("reference.tf") {
				t.Run("reference", func(t *testing.T) {
					got, err := reference()
					if err != nil {
						t.Fatal(err)
					}
					for _, wrong := range c.expect.wrongOutputs(got, reference) {
						t.Error(wrong)
					}
				})
			}
			t.Run("rendered", func(t *testing.T) { c.run(t, core, reference) })
		})
	}
}

// A conformanceCase is one txtar file.
type conformanceCase struct {
	files  map[string]string
	expect expectation
}

// An expectation is expect.json.
type expectation struct {
	Outputs   map[string]any
	Resources []string // nil: not checked
	Forbid    []string
	Require   []string
	Error     string
}

func readCase(path string) (*conformanceCase, error) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		return nil, err
	}
	c := &conformanceCase{files: map[string]string{}}
	for _, f := range archive.Files {
		c.files[f.Name] = strings.TrimRight(string(f.Data), "\n") + "\n"
	}
	text, ok := c.files["expect.json"]
	if !ok {
		return nil, fmt.Errorf("%s has no expect.json", path)
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c.expect); err != nil {
		return nil, fmt.Errorf("%s: expect.json: %w", path, err)
	}
	return c, nil
}

func (c *conformanceCase) has(name string) bool { _, ok := c.files[name]; return ok }

// lines returns the lines of a file that are not blank.
func (c *conformanceCase) lines(name string) []string {
	return slices.DeleteFunc(strings.Split(c.files[name], "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}

func (c *conformanceCase) write(dir string) error {
	for name, text := range c.files {
		if err := harness.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// run renders the case and checks code and apply.
func (c *conformanceCase) run(t *testing.T, core harness.Core, reference func() (map[string]any, error)) {
	dir := harness.WorkDir(t)
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := c.write(in); err != nil {
		t.Fatal(err)
	}
	args := []string{"render", "case", "--blueprint-dir", in, "--out", out}
	for _, l := range c.lines("set") {
		args = append(args, "--set", l)
	}
	code, stderr := harness.Bpgen(t, dir, args...)
	if c.expect.Error != "" {
		c.checkError(t, code, stderr, out)
		return
	}
	if code != 0 {
		t.Fatalf("render: exit %d\n%s", code, stderr)
	}
	text, err := allTerraform(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range c.expect.wrongText(text) {
		t.Error(wrong)
	}
	state, err := c.apply(core.In(t, out, harness.NoProvider))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range c.expect.wrongOutputs(outputs(state), reference) {
		t.Error(wrong)
	}
	if want := slices.Sorted(slices.Values(c.expect.Resources)); c.expect.Resources != nil && !slices.Equal(want, addresses(state)) {
		t.Errorf("resources: want %q\ngot %q", want, addresses(state))
	}
}

func (c *conformanceCase) checkError(t *testing.T, code int, stderr, out string) {
	if code != 1 {
		t.Errorf("want an error (exit 1), got exit %d\n%s", code, stderr)
	}
	found, err := search(c.expect.Error, stderr, regexp2.None)
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		t.Errorf("the error does not say /%s/:\n%s", c.expect.Error, stderr)
	}
	if _, err := os.Lstat(out); err == nil {
		t.Error("something was written")
	}
}

// apply applies the module in the runner's folder and requires that a second
// plan is empty.
func (c *conformanceCase) apply(r *harness.Runner) (*tfjson.State, error) {
	var vars []string
	for _, l := range c.lines("vars") {
		vars = append(vars, "-var", l)
	}
	if err := r.Init(); err != nil {
		return nil, err
	}
	if err := r.Apply(vars...); err != nil {
		return nil, err
	}
	if err := r.Settled(vars...); err != nil {
		return nil, err
	}
	return r.State()
}

func outputs(state *tfjson.State) map[string]any {
	out := map[string]any{}
	if state != nil && state.Values != nil {
		for name, o := range state.Values.Outputs {
			out[name] = o.Value
		}
	}
	return out
}

// addresses returns what `state list` would say, sorted.
func addresses(state *tfjson.State) []string {
	var out []string
	var walk func(m *tfjson.StateModule)
	walk = func(m *tfjson.StateModule) {
		for _, r := range m.Resources {
			out = append(out, r.Address)
		}
		for _, child := range m.ChildModules {
			walk(child)
		}
	}
	if state.Values != nil && state.Values.RootModule != nil {
		walk(state.Values.RootModule)
	}
	slices.Sort(out)
	return out
}

// wrongOutputs compares values and types. "@reference" stands for what
// reference.tf gives; a null and an output that is not there are the same.
func (e expectation) wrongOutputs(got map[string]any, reference func() (map[string]any, error)) []string {
	var wrong []string
	names := make([]string, 0, len(e.Outputs))
	for name := range e.Outputs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		want := e.Outputs[name]
		if want == "@reference" {
			values, err := reference()
			if err != nil {
				return append(wrong, "reference.tf: "+err.Error())
			}
			want = values[name]
		}
		value, there := got[name]
		switch {
		case !there && want != nil:
			wrong = append(wrong, "output "+name+" is missing")
		case !sameJSON(want, value):
			wrong = append(wrong, fmt.Sprintf("output %s: want %s got %s", name, asJSON(want), asJSON(value)))
		}
	}
	return wrong
}

// wrongText looks for what must and must not stand in the rendered code. The
// expressions work line by line, as in run.py.
func (e expectation) wrongText(text string) []string {
	var wrong []string
	check := func(list []string, found bool, complaint string) {
		for _, r := range list {
			got, err := search(r, text, regexp2.Multiline)
			switch {
			case err != nil:
				wrong = append(wrong, err.Error())
			case got == found:
				wrong = append(wrong, fmt.Sprintf("rendered code %s /%s/", complaint, r))
			}
		}
	}
	check(e.Forbid, true, "still has")
	check(e.Require, false, "lacks")
	return wrong
}

// search reports whether an expression matches anywhere. The cases are shared
// with run.py and use what Python's expressions can: Go's have no lookahead.
func search(expression, text string, options regexp2.RegexOptions) (bool, error) {
	re, err := regexp2.Compile(expression, options)
	if err != nil {
		return false, fmt.Errorf("/%s/: %w", expression, err)
	}
	re.MatchTimeout = 10 * time.Second
	return re.MatchString(text)
}

// sameJSON compares decoded JSON; numbers by their text, so that precision and
// the difference between 1 and 1.5 stay.
func sameJSON(a, b any) bool { return reflect.DeepEqual(a, b) }

func asJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

// allTerraform joins the .tf files of a folder, without its subfolders.
func allTerraform(dir string) (string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			return "", err
		}
		text.Write(raw)
		text.WriteString("\n")
	}
	return text.String(), nil
}

// The comparison itself, which must be able to fail.
func TestConformanceComparison(t *testing.T) {
	decode := func(text string) (v map[string]any) {
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	reference := func() (map[string]any, error) { return decode(`{"r": [1, "x"]}`), nil }
	tests := []struct{ want, got, wrong string }{
		{`{"a": 1}`, `{"a": 1}`, ``},
		{`{"a": null}`, `{}`, ``},
		{`{"a": null}`, `{"a": 0}`, `output a: want null got 0`},
		{`{"a": 1}`, `{}`, `output a is missing`},
		{`{"a": 1}`, `{"a": "1"}`, `output a: want 1 got "1"`},
		{`{"a": true}`, `{"a": "true"}`, `output a: want true got "true"`},
		{`{"a": 12345678901234567890}`, `{"a": 12345678901234567891}`, `output a: want 12345678901234567890 got 12345678901234567891`},
		{`{"a": {"b": [1]}}`, `{"a": {"b": [1, 2]}}`, `output a: want {"b":[1]} got {"b":[1,2]}`},
		{`{"r": "@reference"}`, `{"r": [1, "x"]}`, ``},
		{`{"r": "@reference"}`, `{"r": [1, "y"]}`, `output r: want [1,"x"] got [1,"y"]`},
	}
	for _, tt := range tests {
		got := expectation{Outputs: decode(tt.want)}.wrongOutputs(decode(tt.got), reference)
		if strings.Join(got, "\n") != tt.wrong {
			t.Errorf("%s against %s: got %q, want %q", tt.got, tt.want, got, tt.wrong)
		}
	}
	if got := (expectation{Require: []string{`(?=.*one)(?=.*two)`, `(?s)a.b`}}).wrongText("one two\na\nb"); len(got) > 0 {
		t.Errorf("got %q", got)
	}
	e := expectation{Forbid: []string{`^count\s*=`, `gone`}, Require: []string{`^name`, `there`}}
	got := strings.Join(e.wrongText("  count = 1\ncount = 2\nthere\n"), "; ")
	if want := `rendered code still has /^count\s*=/; rendered code lacks /^name/`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
