package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/harness/emulator"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/home"
	"github.com/bpgen/bpgen/generator/matrix"
)

// A life is what happens to a module from its first apply to its end.
type life struct {
	blueprint string
	name      string
	cores     []string
	region    string
	options   matrix.Row
	before    func(*living) error // makes what the module needs to be there
	keeps     string              // pattern of the names of what is left in the end, besides kept
	steps     []step
}

// livesOf are the lives of each blueprint, which stand in life_<blueprint>_test.go.
// The one that is called default is led for every change.
var livesOf = map[string]func() []life{
	"account-baseline": livesOfAccountBaseline,
	"ecs-fargate":      livesOfECSFargate,
	"network":          livesOfNetwork,
}

// lives are those of all blueprints.
func lives(t *testing.T) []life {
	t.Helper()
	var out []life
	for _, name := range builtIn(t).Blueprints() {
		if livesOf[name] == nil {
			t.Errorf("%s has no lives: README.md says how a blueprint joins", name)
			continue
		}
		for _, l := range livesOf[name]() {
			l.blueprint = name
			out = append(out, l)
		}
	}
	return out
}

// means are the sources that a proof by a life follows from.
func (l life) means() (fileset.Set, error) {
	own := "acceptance/life_" + strings.ReplaceAll(l.blueprint, "-", "_") + "_test.go"
	return harness.Sources(own, "acceptance/life_test.go", "acceptance/life_gaps_test.go", "acceptance/life_render_test.go", "acceptance/life_steps_test.go",
		"acceptance/harness/*.go", "acceptance/harness/emulator/*.go", "acceptance/tools/emulators/*")
}

// A step is one thing that its owner does. What may happen to objects that are
// there already is told by patterns of their addresses; everything else may only
// be left alone.
type step struct {
	name     string
	options  matrix.Row          // of a new rendering
	edits    []templateEdit      // of the templates for a new rendering
	do       func(*living) error // changes variables, or AWS
	quiet    bool                // nothing is to be applied: the plan must be empty, as for every step in the end
	end      bool                // nothing is there any more, so no plan is empty
	creates  string              // new objects
	updates  string              // in place
	replaces string
	deletes  string
	check    func(*living) error // once it is applied
}

// A living is a life under way.
type living struct {
	t       *testing.T
	life    life
	aws     *harness.AWS
	r       *harness.Runner
	look    func() // tells the core of new types
	dir     string
	options matrix.Row
	edits   []templateEdit
	values  map[string]json.RawMessage
	before  emulator.Left
	applied int // objects in the state before the end
	figures figures
}

// envLives asks for the lives of defaults alone with "default"; else all are led.
const envLives = "BPGEN_ACC_LIVES"

// TestLife takes renderings through their lives in AWS emulators, with the
// real provider: each is applied, deployed to, changed, restored by its runbook
// and destroyed. After every step a plan is empty, and no step touches what it
// does not concern. BPGEN_ACC_LIVES=default leads those of the defaults alone, with
// the two cores in turn: what a life is about is AWS and the provider, which are the
// same for both.
func TestLife(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	total := &ledger{used: map[string]int{}}
	all := lives(t)
	var lanes sync.WaitGroup
	free := make(chan struct{}, atOnce)
	turn := 0
	for _, l := range all {
		cores := l.cores
		if os.Getenv(envLives) == "default" {
			if l.name != "default" {
				continue
			}
			turn++
			cores = []string{coreInTurn(t, turn)}
		}
		for _, name := range cores {
			lanes.Go(func() {
				free <- struct{}{}
				defer func() { <-free }()
				t.Run(l.blueprint+"/"+l.name+"/"+name, func(t *testing.T) {
					files, err := l.renderings()
					if err != nil {
						t.Fatal(err)
					}
					means, err := l.means()
					if err != nil {
						t.Fatal(err)
					}
					core := harness.Find(t, name)
					provider := harness.RealAWS(t, core)
					harness.Proven(t, core, provider, "TestLife "+l.blueprint+" "+l.name+" in "+l.region, func() { lead(t, l, core, provider, total) }, append(files, means)...)
				})
			})
		}
	}
	lanes.Wait()
	total.close(t, len(all))
}

// coreInTurn returns OpenTofu for odd numbers, else Terraform where it is to be had.
func coreInTurn(t *testing.T, n int) string {
	t.Helper()
	if n%2 == 1 {
		return harness.Tofu
	}
	return harness.Either(t).Name
}

// homeRegion is where a module is that says nothing of its users.
var homeRegion = home.FindOrDefault(home.Default).Region()

// atOnce is how many lives are led at a time, whatever -parallel says: they mostly
// wait, half a minute at a time, for the provider to look again.
const atOnce = 5

// renderings are the files of the module in the course of the life.
func (l life) renderings() ([]fileset.Set, error) {
	options, edits := with(l.options, "aws_provider", "5"), []templateEdit(nil)
	first, err := renderedWith(l.blueprint, options, nil)
	all := []fileset.Set{first}
	for _, s := range l.steps {
		if err != nil || s.options == nil && s.edits == nil {
			continue
		}
		maps.Copy(options, s.options)
		edits = append(edits, s.edits...)
		var next fileset.Set
		next, err = renderedWith(l.blueprint, options, edits)
		all = append(all, next)
	}
	return all, err
}

// lead leads a life.
func lead(t *testing.T, l life, core harness.Core, provider harness.Provider, total *ledger) {
	v := begin(t, l, core, provider)
	began := time.Now()
	for _, s := range l.steps {
		if err := v.step(s); err != nil {
			t.Errorf("%s: %v; calls: %s", s.name, err, v.aws.Log)
			return
		}
	}
	v.figures.took = time.Since(began)
	total.add(t, v)
}

// begin renders the module into an empty account.
func begin(t *testing.T, l life, core harness.Core, provider harness.Provider) *living {
	t.Helper()
	v := &living{t: t, life: l, dir: filepath.Join(harness.WorkDir(t), "module"), options: with(l.options, "aws_provider", "5"), figures: figures{gaps: map[string]int{}}}
	v.aws = harness.StartAWS(t, t.Name())
	if err := v.render(); err != nil {
		t.Fatal(err)
	}
	if err := v.prepare(); err != nil {
		t.Fatal(err)
	}
	v.r, v.look = core.In(t, v.dir, provider).Against(t, provider, v.aws, l.region)
	v.look()
	if err := v.r.Init(); err != nil {
		t.Fatal(err)
	}
	return v
}

// regions are those in which the module has something.
func (v *living) regions() []string {
	return slices.Compact(slices.Sorted(slices.Values([]string{v.life.region, "us-east-1"})))
}

// step does one step, applies it, and requires that nothing is left to do.
func (v *living) step(s step) error {
	v.figures.steps++
	began := time.Now()
	defer func() { v.t.Logf("%-24s %s", s.name, time.Since(began).Round(time.Second/10)) }()
	if s.options != nil || s.edits != nil {
		maps.Copy(v.options, s.options)
		v.edits = append(v.edits, s.edits...)
		if err := v.render(); err != nil {
			return err
		}
		v.look()
	}
	if s.do != nil {
		if err := s.do(v); err != nil {
			return err
		}
	}
	if !s.quiet {
		// The plan after the step before has looked at everything.
		plan, err := v.r.Plan("-refresh=false", "-parallelism=30")
		if err != nil {
			return err
		}
		if err := allowed(s, plan); err != nil {
			return err
		}
		if err := v.r.Apply(); err != nil {
			return err
		}
	}
	if !s.end {
		if err := v.settled(); err != nil {
			return err
		}
	}
	if s.check != nil {
		return s.check(v)
	}
	return nil
}

// settled requires a plan that finds nothing to do but for the gaps.
func (v *living) settled() error {
	plan, err := v.r.Plan("-parallelism=30")
	if err != nil {
		return err
	}
	var wrong []string
	for _, c := range plan.ResourceChanges {
		if c.Change.Actions.NoOp() || c.Mode == tfjson.DataResourceMode {
			continue
		}
		if !c.Change.Actions.Update() {
			wrong = append(wrong, fmt.Sprintf("%s: %v", c.Address, c.Change.Actions))
			continue
		}
		for _, attribute := range changed(c.Change) {
			pair := c.Type + "." + attribute
			if _, ok := gaps[pair]; !ok {
				wrong = append(wrong, fmt.Sprintf("%s: %s", c.Address, difference(c.Change, attribute)))
				continue
			}
			v.figures.gaps[pair]++
		}
	}
	for name, c := range plan.OutputChanges {
		if !c.Actions.NoOp() {
			wrong = append(wrong, "output "+name)
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("the plan after it is not empty:\n%s", strings.Join(wrong, "\n"))
	}
	if v.figures.config == nil {
		v.figures.config = plan.Config
	}
	return nil
}

// allowed requires that a plan does only what a step may do.
func allowed(s step, plan *tfjson.Plan) error {
	var wrong []string
	for _, c := range plan.ResourceChanges {
		if c.Mode == tfjson.DataResourceMode {
			continue
		}
		var may string
		switch a := c.Change.Actions; {
		case a.NoOp(), a.Read():
			continue
		case a.Create():
			may = s.creates
		case a.Update():
			may = s.updates
		case a.Replace():
			may = s.replaces
		case a.Delete():
			may = s.deletes
		default:
			may = s.deletes // forget and what else there may be
		}
		if may == "" || !regexp.MustCompile(`^(?:`+may+`)`).MatchString(c.Address) {
			wrong = append(wrong, fmt.Sprintf("%s: %v %s", c.Address, c.Change.Actions, strings.Join(changed(c.Change), ", ")))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the plan does what the step does not concern:\n%s", strings.Join(wrong, "\n"))
	}
	return nil
}

// changed returns the names of the attributes that a change sets, sorted.
func changed(c *tfjson.Change) []string {
	before, _ := c.Before.(map[string]any)
	after, _ := c.After.(map[string]any)
	unknown, _ := c.AfterUnknown.(map[string]any)
	var names []string
	for name := range before {
		if u := unknown[name]; u != nil && fmt.Sprint(u) != "false" && !isKnown(u) || !same(before[name], after[name]) && unknown[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// isKnown reports whether nothing of a value is unknown.
func isKnown(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case []any:
		return !slices.ContainsFunc(v, func(e any) bool { return !isKnown(e) })
	case map[string]any:
		for _, e := range v {
			if !isKnown(e) {
				return false
			}
		}
		return true
	}
	return false
}

func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// difference tells what a change does to an attribute.
func difference(c *tfjson.Change, attribute string) string {
	before, _ := c.Before.(map[string]any)
	after, _ := c.After.(map[string]any)
	x, _ := json.Marshal(before[attribute]) // came out of JSON
	y, _ := json.Marshal(after[attribute])
	return fmt.Sprintf("%s: %s -> %s", attribute, x, y)
}

// prepare makes what is there before the module: a root's provider blocks, values
// of its variables, a hosted zone.
func (v *living) prepare() error {
	values, err := exampleValues(complete(v.dir))
	if err != nil {
		return err
	}
	v.values = values
	if err := v.writeProviders(); err != nil {
		return err
	}
	zone, err := v.aws.HostedZone("example.com")
	if err != nil {
		return err
	}
	if _, ok := values["hosted_zone_id"]; ok {
		v.values["hosted_zone_id"] = json.RawMessage(fmt.Sprintf("%q", zone))
	}
	if v.life.before != nil {
		if err := v.life.before(v); err != nil {
			return err
		}
	}
	if err := v.writeValues(); err != nil {
		return err
	}
	v.before, err = v.aws.Router.Standing(v.regions()...)
	return err
}

// writeProviders writes what makes a root module of the rendered one.
func (v *living) writeProviders() error {
	versions, err := os.ReadFile(filepath.Join(v.dir, "versions.tf"))
	if err != nil {
		return err
	}
	block := func(alias, region string) string {
		return fmt.Sprintf(`provider "aws" {%s
  region            = %q
  s3_use_path_style = true
  max_retries       = 3

  skip_credentials_validation = true
  skip_metadata_api_check     = true

  default_tags {
    tags = { Environment = "example", ManagedBy = "terraform" }
  }
}
`, alias, region)
	}
	text := block("", v.life.region)
	if strings.Contains(string(versions), "aws.us_east_1") {
		text += block("\n  alias             = \"us_east_1\"", "us-east-1")
	}
	return os.WriteFile(filepath.Join(v.dir, "providers.tf"), []byte(text), 0o644)
}

// writeValues writes the values of the variables.
func (v *living) writeValues() error {
	text, err := json.MarshalIndent(v.values, "", "  ")
	if err != nil {
		return err
	}
	// Where a core looks for them, and where a reader of a runbook has them.
	for _, name := range []string{"terraform.tfvars.json", filepath.Join("envs", environment+".tfvars")} {
		if err := os.WriteFile(filepath.Join(v.dir, name), text, 0o644); err != nil {
			return err
		}
		text = []byte("# see terraform.tfvars.json\n")
	}
	return nil
}

// exampleValues reads the arguments of the module block in an example.
func exampleValues(dir string) (map[string]json.RawMessage, error) {
	name := filepath.Join(dir, "main.tf")
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	values := map[string]json.RawMessage{}
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		if b.Type != "module" {
			continue
		}
		for name, attr := range b.Body.Attributes {
			if name == "source" || name == "providers" {
				continue
			}
			value, diags := attr.Expr.Value(nil)
			if diags.HasErrors() {
				return nil, diags
			}
			if values[name], err = ctyjson.Marshal(value, value.Type()); err != nil {
				return nil, err
			}
		}
	}
	return values, nil
}
