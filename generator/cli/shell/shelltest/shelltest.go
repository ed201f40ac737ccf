// Package shelltest gives the tests of commands a Factory over buffers, with
// one small blueprint and a generator that takes no time.
//
// Names, options and diagnostics are real; only the module is made up.
package shelltest

import (
	"bytes"
	"cmp"
	"context"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Blueprint is the source of the blueprint "demo".
const Blueprint = `blueprint "demo" {
  version = "1.2.3"
  summary = "A demonstration."
}

option "cdn" {
  type        = bool
  default     = true
  description = "Put a CDN in front."
  why         = "it is faster"
}

option "engine" {
  type    = string
  one_of  = ["redis", "valkey"]
  default = "redis"
  notes   = ["cache.engine"]
}

variable "name" {
  type = string
}

component "web" {
  template = "thing"
}

component "edge" {
  template = "thing"
  when     = option.cdn
}

profile "prd" {
  description = "Production."
  options     = { engine = "valkey" }
}
`

const note = `- id: "cache.engine"
  kind: "default"
  strength: "should"
  section: "31. Cache › Engine"
  statement: "Use Redis."
  value: "redis"
  caveat: "Valkey is cheaper."
`

// Streams are the buffers behind a factory.
type Streams struct{ Out, Err *bytes.Buffer }

// New returns a factory. On a terminal there is colour unless env has NO_COLOR, and
// lines are long unless it has COLUMNS: the directories of tests have names of any
// length.
func New(t *testing.T, tty bool, env map[string]string) (*shell.Factory, Streams) {
	t.Helper()
	ios, _, out, errOut := iostreams.Test()
	getenv := func(k string) string {
		if k == "COLUMNS" {
			return cmp.Or(env[k], "1000")
		}
		return env[k]
	}
	ios.SetTTY(tty, getenv)
	return &shell.Factory{
		IO:     ios,
		Getenv: getenv,
		Blueprints: fstest.MapFS{
			"demo/blueprint.hcl": {Data: []byte(Blueprint)},
			"notes/cache.yaml":   {Data: []byte(note)},
		},
		Templates: fstest.MapFS{"thing/main.tf": {Data: []byte("# thing\n")}},
		Generate:  generate,
		Check: func(_ context.Context, cat *catalog.Catalog, name string, progress check.Progress) check.Report {
			_, diags := cat.Blueprint(name)
			progress(1, 1, "combinations")
			return check.Report{Diagnostics: diags, Tried: 1}
		},
	}, Streams{out, errOut}
}

func generate(_ context.Context, req generator.Request) (generator.Result, hcl.Diagnostics) {
	bp, diags := req.Catalog.Blueprint(req.Blueprint)
	if diags.HasErrors() {
		return generator.Result{}, diags
	}
	choices, diags := resolve.Resolve(bp, req.Inputs, req.Profile)
	r := generator.Result{Blueprint: bp, Choices: choices}
	if diags.HasErrors() {
		return r, diags
	}
	text := "# rendered\n"
	r.Module = &link.Module{Name: "demo", Layout: req.Layout,
		Parts:     []link.Part{{Name: "web", Template: "thing", Summary: `The "web".`}},
		Variables: []link.Variable{{Name: "name", Type: "string", Required: true, Description: "The name."}, {Name: "days", Type: "number", Default: "7", Notes: []string{"cache.engine"}}},
		Outputs:   []link.Output{{Name: "url", Description: "Where it is."}},
	}
	for _, c := range choices {
		text += "# " + c.Option.Name + " = " + resolve.Show(c.Value) + "\n"
		if c.Option.Name == "cdn" && c.Value.True() {
			r.Module.Parts = append(r.Module.Parts, link.Part{Name: "edge", Template: "thing"})
			r.Module.Edges = []link.Edge{{From: "web", To: "edge", Output: "id"}, {From: "web", To: "edge", Output: "arn"}}
		}
	}
	var set fileset.Set
	add := func(name, text string) {
		if err := set.Add(name, []byte(text)); err != nil {
			panic(err)
		}
	}
	add("main.tf", text)
	add("tests/web.tftest.hcl", "")
	m, diags := render.NewManifest(bp, choices, req.Profile, req.Layout)
	if err := m.List(set); err != nil {
		panic(err)
	}
	b, err := m.Bytes()
	if err != nil {
		panic(err)
	}
	add(render.ManifestPath, string(b))
	r.Files = set
	return r, diags
}

// A FlagCase says which options a command line leads to.
type FlagCase[T any] struct {
	Args []string
	Want T
	Err  string // part of the error; "" for none
}

// Flags runs the table of a command whose work is replaced, and compares what
// the work would have been given.
func Flags[T any](t *testing.T, newCmd func(*shell.Factory, func(context.Context, *T) error) *cobra.Command, cases map[string]FlagCase[T]) {
	t.Helper()
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, _ := New(t, false, nil)
			var got *T
			cmd := newCmd(f, func(_ context.Context, o *T) error { got = o; return nil })
			cmd.SetArgs(append([]string{}, tt.Args...))
			cmd.SilenceErrors, cmd.SilenceUsage = true, true
			err := cmd.ExecuteContext(t.Context())
			switch {
			case tt.Err != "":
				if err == nil || !strings.Contains(err.Error(), tt.Err) {
					t.Fatalf("got %v, want %q", err, tt.Err)
				}
				if got != nil {
					t.Error("the command ran all the same")
				}
			case err != nil:
				t.Fatal(err)
			case !reflect.DeepEqual(*got, tt.Want):
				t.Errorf("got  %+v\nwant %+v", *got, tt.Want)
			}
		})
	}
}
