package generator_test

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/templates"
)

// layoutCases are the renderings that TestFindingsOfLayouts compares. Between them they
// have every built-in blueprint and template.
var layoutCases = []struct {
	blueprint string
	options   map[string]cty.Value
}{
	{"account-baseline", nil},
	{"account-baseline", map[string]cty.Value{"trail": cty.StringVal("organization"), "delivery": cty.StringVal("oidc"), "oidc_provider": cty.StringVal("existing"), "chatbot": cty.True}},
	{"network", nil},
	{"ecs-fargate", nil},
	{"ecs-fargate", map[string]cty.Value{"deployment": cty.StringVal("blue-green"), "outbound": cty.StringVal("both"), "pipeline": cty.StringVal("external"), "execute_command": cty.True}},
	{"ecs-fargate", map[string]cty.Value{"cdn": cty.False, "outbound": cty.StringVal("nat-gateway"), "database": cty.StringVal("aurora-postgresql"), "cache": cty.StringVal("valkey"), "zones": cty.NumberIntVal(2), "aws_provider": cty.StringVal("5")}},
	{"ecs-fargate", map[string]cty.Value{"network": cty.StringVal("existing"), "static_files": cty.StringVal("bucket"), "origin": cty.StringVal("prefix-list"), "database": cty.StringVal("mysql")}},
	{"ecs-fargate", map[string]cty.Value{"cdn": cty.False, "waf": cty.False, "database": cty.StringVal("none"), "cache": cty.StringVal("none")}},
}

// TestFindingsOfLayouts: the rules of the notes find the same in a module and in a tree
// of modules. It changes many arguments of the built-in templates at once, a different
// choice in every round, so that nearly every rule finds something, and renders both
// layouts.
func TestFindingsOfLayouts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes minutes under the race detector: run without -short")
	}
	first, rounds := 0, 2
	if n, err := strconv.Atoi(os.Getenv("BPGEN_FUZZ_SEEDS")); err == nil {
		rounds = n
	}
	if n, err := strconv.Atoi(os.Getenv("BPGEN_FUZZ_FIRST")); err == nil {
		first = n
	}
	found := map[string]bool{}
	for round := first; round < first+rounds; round++ {
		cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: mutated(t, round), Formatted: true})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, c := range layoutCases {
			var in []resolve.Input
			for _, name := range slices.Sorted(maps.Keys(c.options)) {
				in = append(in, resolve.Input{Name: name, Value: c.options[name], Source: "the test"})
			}
			flat := findings(t, cat, generator.Request{Catalog: cat, Blueprint: c.blueprint, Inputs: in, Layout: link.Flat})
			nested := findings(t, cat, generator.Request{Catalog: cat, Blueprint: c.blueprint, Inputs: in, Layout: link.Nested})
			for _, what := range slices.Sorted(maps.Keys(merged(flat, nested))) {
				if flat[what] != nested[what] {
					t.Errorf("%s, round %d: found %d times in the flat layout, %d times in the nested one: %s", c.blueprint, round, flat[what], nested[what], what)
				}
				id, _, _ := strings.Cut(what, ":")
				found[id] = true
			}
		}
	}
	if least := 15 + 5*rounds; len(found) < least {
		t.Errorf("only %d rules found anything, not %d: %v", len(found), least, slices.Sorted(maps.Keys(found)))
	}
}

func merged(a, b map[string]int) map[string]int {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// address is the name of a resource, which the layouts do not have in common.
var address = regexp.MustCompile(`\b((?:data\.)?aws_[a-z0-9_]+)\.[a-zA-Z0-9_]+`)

// findings counts what the rules of the notes find in a rendering.
func findings(t *testing.T, cat *catalog.Catalog, req generator.Request) map[string]int {
	t.Helper()
	res, diags := generator.Generate(t.Context(), req)
	for _, d := range diags {
		if _, ok := vet.FindingOf(d); !ok && d.Severity == hcl.DiagError {
			t.Fatalf("%s, %s: %s: %s %s", req.Blueprint, req.Layout, d.Subject, d.Summary, d.Detail)
		}
	}
	out := map[string]int{}
	for _, d := range vet.Run(t.Context(), res.Files.Files(), generator.VetOptions(res.Choices)).Findings {
		f, _ := vet.FindingOf(d)
		if _, noted := f.Rule.(vet.Noted); noted {
			out[f.Rule.ID()+": "+address.ReplaceAllString(d.Detail, "$1")]++
		}
	}
	return out
}

// mutated returns the built-in templates, with arguments of their resources changed or
// left out. Which ones it is depends on the round.
func mutated(t *testing.T, round int) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(templates.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(templates.FS, name)
		if err == nil && strings.HasSuffix(name, ".tf") {
			src = mutatedFile(t, name, src, round)
		}
		out[name] = &fstest.MapFile{Data: src}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// edit is a change of a template's text.
type edit struct {
	rng hcl.Range
	to  string
}

// A mutator changes arguments of one template.
type mutator struct {
	src   []byte
	round int
	name  string              // of the file
	like  map[string][]string // names of resources that may stand for one another, by what begins a reference to one
	edits []edit
}

// others are strings that some rule minds where another stood.
var others = []string{"*", "0.0.0.0/0", "none", "x", "HTTP", "HTTPS", "instance", "ip", "latest", "10.0.0.0/8", "String", "MUTABLE", "REGIONAL", "db.r7g.large", "sat:18:00-sat:19:00", "ERROR", "AWS/ECS"}

// telling are expressions that some rule minds as an argument, or as the value of a key,
// of that name.
var telling = map[string][]string{
	"cidr_ipv4": {`"0.0.0.0/0"`, `"8.8.0.0/14"`}, "cidr_block": {`"8.8.0.0/16"`, `"0.0.0.0/0"`}, "protocol": {`"HTTP"`, `"TLS"`}, "scope": {`"REGIONAL"`, `"CLOUDFRONT"`},
	"type": {`"String"`, `"A"`, `"expire"`}, "target_type": {`"instance"`, `"lambda"`}, "metric_name": {`"RunningTaskCount"`, `"healthyhostcount"`}, "metric": {`"cpuutilization"`}, "namespace": {`"AWS/ECS"`, `"AWS/RDS"`},
	"pattern": {`"ERROR"`, `"?ERROR -x"`}, "preferred_maintenance_window": {`"sat:18:00-sat:19:00"`}, "maintenance_window": {`"sun:18:00-sun:19:00"`}, "instance_class": {`"db.t2.small"`, `"db.r7g.large"`},
	"engine": {`"mysql"`, `"mariadb"`}, "engine_version": {`"6.x"`, `"8"`}, "Action": {`"*"`, `["ecs:*"]`, `"ssmmessages:OpenDataChannel"`, `"s3:GetObject"`, `"iam:PassRole"`}, "actions": {`["*"]`, `["ecs:RunTask"]`, `["ssmmessages:OpenDataChannel"]`},
	"Resource": {`"*"`, `"arn:aws:s3:::x"`}, "resources": {`["*"]`}, "Principal": {`"*"`, `{ Service = "lambda.amazonaws.com" }`, `{ AWS = "arn:aws:iam::123456789012:role/x" }`}, "Condition": {"null"}, "image": {`"x:latest"`},
	"treat_missing_data": {`"missing"`}, "price_class": {`"PriceClass_100"`}, "cookie_behavior": {`"all"`}, "header_behavior": {`"none"`, `"allViewer"`}, "query_string_behavior": {`"none"`}, "name": {`"rule-1"`, `"ips"`}, "priority": {"1"},
	"awslogs-datetime-format": {`"[%Y"`}, "policy_arn": {`"arn:aws:iam::aws:policy/AdministratorAccess"`}, "ssl_policy": {`"ELBSecurityPolicy-2016-08"`}, "vpc_endpoint_type": {`"Gateway"`, `"Interface"`}, "service_name": {`"com.amazonaws.x.y"`},
	"cpu": {"300"}, "memory": {"700"}, "rule_no": {"100"}, "rule_number": {"100"}, "egress": {"true"}, "apply_immediately": {"true"}, "error_caching_min_ttl": {"4000"}, "scale_out_cooldown": {"2"}, "image_tag_mutability": {`"MUTABLE"`}, "configuration": {"{}"},
	"allocation_id": {"null"}, "instance": {`"i-1"`}, "enable_execute_command": {"true"}, "validation_method": {`"EMAIL"`}, "viewer_protocol_policy": {`"allow-all"`}, "parameter_group_name": {`"default.x"`},
}

// tell changes what stands under a name in the way that a rule minds.
func (m *mutator) tell(name string, x hclsyntax.Expression, n uint32) bool {
	to := telling[name]
	if len(to) == 0 {
		return false
	}
	m.change(x.Range(), to[n/20%uint32(len(to))])
	return true
}

func mutatedFile(t *testing.T, name string, src []byte, round int) []byte {
	t.Helper()
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	m := &mutator{src: src, round: round, name: name, like: map[string][]string{}}
	blocks := file.Body.(*hclsyntax.Body).Blocks
	for _, b := range blocks {
		if b.Type == "resource" {
			key := b.Labels[0] + repetition(b)
			m.like[key] = append(m.like[key], b.Labels[1])
		}
	}
	for _, b := range blocks {
		switch b.Type {
		case "resource":
			m.body(b.Body, b.Labels[1])
		case "data":
			if b.Labels[0] == "aws_iam_policy_document" {
				m.body(b.Body, b.Labels[1])
			}
		}
	}
	slices.SortFunc(m.edits, func(a, b edit) int { return b.rng.Start.Byte - a.rng.Start.Byte })
	for _, e := range m.edits {
		src = slices.Concat(src[:e.rng.Start.Byte], []byte(e.to), src[e.rng.End.Byte:])
	}
	return src
}

// repetition tells resources apart to which references look different.
func repetition(b *hclsyntax.Block) string {
	for _, name := range []string{"count", "for_each"} {
		if b.Body.Attributes[name] != nil {
			return " " + name
		}
	}
	return ""
}

// chance returns a number that hangs on the round and on what it is for.
func (m *mutator) chance(of ...any) uint32 {
	h := fnv.New32a()
	fmt.Fprint(h, m.round, m.name, of)
	return h.Sum32() >> 7
}

func (m *mutator) change(rng hcl.Range, to string) { m.edits = append(m.edits, edit{rng, to}) }

func (m *mutator) body(b *hclsyntax.Body, path string) {
	for _, a := range b.Attributes {
		if slices.Contains([]string{"for_each", "count", "iterator", "provider", "depends_on", "region"}, a.Name) {
			continue
		}
		switch n := m.chance(path, a.Name); {
		case n%20 < 8 && m.tell(a.Name, a.Expr, n):
		case n%20 < 2:
			m.change(a.Expr.Range(), "null")
		case n%20 < 7:
			m.expression(a.Expr, path+a.Name)
		}
	}
	for _, n := range b.Blocks {
		if n.Type != "lifecycle" {
			m.body(n.Body, path+"."+n.Type)
		}
	}
}

// expression changes what is spelled out in an expression, and the resource that it
// refers to.
func (m *mutator) expression(x hclsyntax.Expression, path string) {
	n := int(m.chance(path, x.Range().Start.Byte))
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		switch {
		case x.Val.Type() == cty.Bool && !x.Val.IsNull():
			m.change(x.Range(), fmt.Sprint(x.Val.False()))
		case x.Val.Type() == cty.Number:
			m.change(x.Range(), []string{"0", "1", "5000", "1000000"}[n%4])
		}
	case *hclsyntax.TemplateExpr:
		if v, diags := x.Value(nil); !diags.HasErrors() && !strings.Contains(v.AsString(), "\n") {
			m.change(x.Range(), fmt.Sprintf("%q", others[n%len(others)]))
		}
	case *hclsyntax.ObjectConsExpr:
		for i, it := range x.Items {
			key, _ := it.KeyExpr.Value(nil)
			if n := uint32(n >> i); n%3 == 0 && (key == cty.NilVal || !key.IsKnown() || key.Type() != cty.String || !m.tell(key.AsString(), it.ValueExpr, n)) {
				m.expression(it.ValueExpr, path)
			}
		}
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			m.expression(e, path)
		}
	case *hclsyntax.FunctionCallExpr:
		for _, e := range x.Args {
			m.expression(e, path)
		}
	case *hclsyntax.SplatExpr:
		m.expression(x.Source, path)
	case *hclsyntax.ConditionalExpr:
		m.expression(x.TrueResult, path)
		m.expression(x.FalseResult, path)
	case *hclsyntax.ScopeTraversalExpr:
		m.reference(x.Traversal, n)
	}
}

func (m *mutator) reference(t hcl.Traversal, n int) {
	if len(t) < 2 {
		return
	}
	name, ok := t[1].(hcl.TraverseAttr)
	if !ok {
		return
	}
	for _, how := range []string{"", " count", " for_each"} {
		if names := m.like[t.RootName()+how]; slices.Contains(names, name.Name) {
			m.change(name.SrcRange, "."+names[n%len(names)])
		}
	}
}
