package acceptance

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/fileset"
)

// TestLifeOrder holds the graph of the renderings of every life of a service, by both cores, against
// what a task needs to start and to end well: parameters, endpoints, routes and
// rules of egress are made before the services, and go after them.
func TestLifeOrder(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	means, err := harness.Sources("acceptance/life_order_test.go", "acceptance/harness/graph.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range livesOfECSFargate() {
		for _, name := range harness.Cores() {
			t.Run(l.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				files, err := renderedWith("ecs-fargate", with(l.options, "aws_provider", "5"), nil)
				if err != nil {
					t.Fatal(err)
				}
				core := harness.Find(t, name)
				harness.Proven(t, core, harness.RealAWS(t, core), "TestLifeOrder", func() {
					lacks, err := order(t, core, files)
					if err != nil {
						t.Fatal(err)
					}
					for _, l := range lacks {
						t.Error(l)
					}
				}, files, means)
			})
		}
	}
}

// order tells what the services of a module need and do not depend on.
func order(t *testing.T, core harness.Core, files fileset.Set) ([]string, error) {
	t.Helper()
	dir := filepath.Join(harness.WorkDir(t), "module")
	if err := harness.WriteFiles(dir, files); err != nil {
		return nil, err
	}
	v := &living{dir: dir, life: life{region: homeRegion}}
	if err := v.writeProviders(); err != nil {
		return nil, err
	}
	provider := harness.RealAWS(t, core)
	r := core.In(t, dir, provider)
	r.Through(t, provider, dir)
	if err := r.Init(); err != nil {
		return nil, err
	}
	graph, err := r.Graph()
	if err != nil {
		return nil, err
	}
	services, err := needs(files)
	if err != nil {
		return nil, err
	}
	var wrong []string
	for service, objects := range services {
		for _, o := range graph.Lacks(service, objects) {
			wrong = append(wrong, fmt.Sprintf("%s may be made before %s, and destroyed after it", service, o))
		}
	}
	return wrong, nil
}

// reached are the types, and of some the labels, of what every task needs.
var reached = regexp.MustCompile(`^aws_ssm_parameter\.|^aws_vpc_endpoint\.|^aws_route\.\w*app|^aws_route_table_association\.\w*app`)

// needs returns for every ECS service what its tasks need to start: what all
// tasks do, and the rules of its own security groups.
func needs(files fileset.Set) (map[string][]string, error) {
	blocks := map[string]*hclsyntax.Block{}
	for _, f := range files.Files() {
		if strings.Contains(f.Path, "/") || !strings.HasSuffix(f.Path, ".tf") {
			continue
		}
		file, diags := hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, diags
		}
		for _, b := range file.Body.(*hclsyntax.Body).Blocks {
			if b.Type == "resource" {
				blocks[strings.Join(b.Labels, ".")] = b
			}
		}
	}
	groups := map[string][]string{} // of the services
	for address, b := range blocks {
		if b.Labels[0] != "aws_ecs_service" {
			continue
		}
		for _, inner := range b.Body.Blocks {
			if inner.Type == "network_configuration" {
				groups[address] = resources(inner.Body.Attributes["security_groups"])
			}
		}
		if len(groups[address]) == 0 {
			return nil, fmt.Errorf("%s names no security group", address)
		}
	}
	all := slices.Concat(slices.Collect(maps.Values(groups))...)
	services := map[string][]string{}
	for address := range groups {
		for other, o := range blocks {
			// Services call each other once both run, so no rule from one to
			// another has to be there before.
			rule := o.Labels[0] == "aws_vpc_security_group_egress_rule" && meet(resources(o.Body.Attributes["security_group_id"]), groups[address]) &&
				!meet(resources(o.Body.Attributes["referenced_security_group_id"]), all)
			if rule || reached.MatchString(other) {
				services[address] = append(services[address], other)
			}
		}
	}
	if len(services) == 0 {
		return nil, fmt.Errorf("the module has no ECS service")
	}
	return services, nil
}

// meet reports whether two lists have something in common.
func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// resources are the addresses that an argument refers to.
func resources(a *hclsyntax.Attribute) []string {
	if a == nil {
		return nil
	}
	var out []string
	for _, ref := range a.Expr.Variables() {
		if len(ref) < 2 {
			continue
		}
		if name, ok := ref[1].(hcl.TraverseAttr); ok {
			out = append(out, ref.RootName()+"."+name.Name)
		}
	}
	return out
}
