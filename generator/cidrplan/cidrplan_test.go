package cidrplan_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cidrplan"
	"github.com/bpgen/bpgen/generator/template"
	"github.com/bpgen/bpgen/templates"
)

func network(t *testing.T) *template.Template {
	t.Helper()
	cat, _ := catalog.New(catalog.Root{Templates: templates.FS})
	tmpl, diags := cat.Template("network", hcl.Range{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return tmpl
}

func show(p cidrplan.Plan) string {
	var parts []string
	for _, label := range slices.Sorted(maps.Keys(p)) {
		parts = append(parts, fmt.Sprintf("%s=%s", label, strings.Join(p[label], ",")))
	}
	return strings.Join(parts, " ")
}

// TestOf holds the plans that the network template describes in its own
// comments, and what its validations and preconditions refuse.
func TestOf(t *testing.T) {
	t.Parallel()
	words := func(s ...string) cty.Value {
		var v []cty.Value
		for _, w := range s {
			v = append(v, cty.StringVal(w))
		}
		return cty.TupleVal(v)
	}
	weights := func(app, public, datastore int64) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"app": cty.NumberIntVal(app), "public": cty.NumberIntVal(public), "datastore": cty.NumberIntVal(datastore)})
	}
	tests := map[string]struct {
		given map[string]cty.Value
		want  string
		fail  string
	}{
		"a /23": {
			given: map[string]cty.Value{"cidr": cty.StringVal("10.200.48.0/23")},
			want: "app=10.200.48.0/26,10.200.48.64/26,10.200.48.128/26 datastore=10.200.49.32/28,10.200.49.48/28,10.200.49.64/28 " +
				"public=10.200.48.192/27,10.200.48.224/27,10.200.49.0/27",
		},
		"a /16": {
			given: map[string]cty.Value{"cidr": cty.StringVal("10.0.0.0/16")},
			want:  "app=10.0.0.0/23,10.0.2.0/23,10.0.4.0/23 datastore=10.0.9.0/25,10.0.9.128/25,10.0.10.0/25 public=10.0.6.0/24,10.0.7.0/24,10.0.8.0/24",
		},
		"two zones move nothing": {
			given: map[string]cty.Value{"cidr": cty.StringVal("10.200.48.0/23"), "zones": cty.StringVal("2")},
			want:  "app=10.200.48.0/26,10.200.48.64/26 datastore=10.200.49.32/28,10.200.49.48/28 public=10.200.48.192/27,10.200.48.224/27",
		},
		"subnets of one size": {
			given: map[string]cty.Value{"cidr": cty.StringVal("10.0.0.0/23"), "subnet_weights": weights(1, 1, 1)},
			want:  "app=10.0.0.0/27,10.0.0.32/27,10.0.0.64/27 datastore=10.0.0.192/27,10.0.0.224/27,10.0.1.0/27 public=10.0.0.96/27,10.0.0.128/27,10.0.0.160/27",
		},
		"a validation":         {given: map[string]cty.Value{"cidr": cty.StringVal("8.8.8.0/24")}, fail: "Address ranges do not fit: The range must be the first address of a block"},
		"validations together": {given: map[string]cty.Value{"cidr": cty.StringVal("x"), "zones": cty.NumberIntVal(9)}, fail: "Address ranges do not fit: The range must be"},
		"a precondition":       {given: map[string]cty.Value{"cidr": cty.StringVal("10.0.0.0/16"), "other_cidrs": words("10.0.4.0/24")}, fail: "Address ranges do not fit: The range 10.0.0.0/16 overlaps 10.0.4.0/24."},
		"too many applications": {
			given: map[string]cty.Value{"cidr": cty.StringVal("10.0.0.0/23"), "interface_endpoints": words("ecr.api", "ecr.dkr", "logs", "ssm"), "app_addresses": cty.NumberIntVal(668)},
			fail:  "Address ranges do not fit: Each app subnet has 64 - 5 = 59 usable addresses and needs 4 (VPC endpoints) + 668 (applications) + 8 (load balancer) = 680.",
		},
		"a directive cuts": {
			given: map[string]cty.Value{"cidr": cty.StringVal("10.0.0.0/23"), "interface_endpoints": words("ecr.api", "ecr.dkr", "logs", "ssm"), "app_addresses": cty.NumberIntVal(668), "vpc_endpoints": cty.False},
			fail:  "Address ranges do not fit: Each app subnet has 64 - 5 = 59 usable addresses and needs 668 (applications) + 8 (load balancer) = 676.",
		},
		"no such variable": {given: map[string]cty.Value{"cdir": cty.StringVal("10.0.0.0/16")}, fail: `Unknown variable: The template "network" has no variable "cdir". Did you mean "cidr"?`},
		"a wrong type":     {given: map[string]cty.Value{"zones": cty.True}, fail: `Not a valid value: The variable "zones" of the template "network" must have type number`},
		"it does not fit":  {given: map[string]cty.Value{"cidr": cty.StringVal("10.0.0.0/27")}, fail: "Invalid function argument"},
	}
	tmpl := network(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan, diags := cidrplan.Of(tmpl, tt.given)
			if tt.fail != "" {
				if !diags.HasErrors() || !strings.HasPrefix(diags[0].Summary+": "+diags[0].Detail, tt.fail) {
					t.Errorf("got %v and %v", plan, diags)
				}
				return
			}
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if got := show(plan); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestOfWithoutSubnets holds that other templates have no plan, and that what
// the variables do not decide is said.
func TestOfWithoutSubnets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ src, want string }{
		"none":            {`resource "aws_vpc" "this" { cidr_block = "10.0.0.0/16" }`, ""},
		"of the cloud":    {`resource "aws_subnet" "this" { cidr_block = aws_vpc.this.cidr }` + "\n" + `resource "aws_vpc" "this" {}`, "Range is unknown"},
		"a circle":        {"locals {\n  a = local.b\n  b = local.a\n}\n" + `resource "aws_subnet" "this" { cidr_block = local.a }`, "Range is unknown"},
		"no such local":   {`resource "aws_subnet" "this" { cidr_block = local.a }`, "Unknown local value"},
		"count of a data": {"resource \"aws_subnet\" \"this\" {\n  count      = length(data.x.y.z)\n  cidr_block = \"10.0.0.0/24\"\n}", "Number of subnets is unknown"},
		"count too great": {"resource \"aws_subnet\" \"this\" {\n  count      = 1e9\n  cidr_block = \"10.0.0.0/24\"\n}", "Too many subnets"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tmpl, _ := template.Load(fstest.MapFS{"main.tf": {Data: []byte(tt.src + "\n")}}, "x", "x", nil)
			plan, diags := cidrplan.Of(tmpl, nil)
			switch {
			case tt.want == "" && (diags.HasErrors() || len(plan) != 0):
				t.Errorf("got %v and %v", plan, diags)
			case tt.want != "" && (len(diags) != 1 || diags[0].Summary != tt.want):
				t.Errorf("got %v, want %s", diags, tt.want)
			}
		})
	}
}
