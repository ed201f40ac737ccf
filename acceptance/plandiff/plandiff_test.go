package plandiff

import (
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/bpgen/bpgen/generator/link"
)

var rename = []link.Rename{
	{Nested: "module.database.aws_rds_cluster.this", Flat: "aws_rds_cluster.database"},
	{Nested: "module.database.aws_iam_role.monitoring[0]", Flat: "aws_iam_role.database_monitoring"},
	{Nested: "module.network.aws_subnet.app", Flat: "aws_subnet.network_app"},
	{Nested: "module.network.data.aws_region.current", Flat: "data.aws_region.current"},
	{Nested: "module.database.data.aws_region.current", Flat: "data.aws_region.current"},
	{Nested: "module.network.data.aws_iam_policy_document.flow", Flat: "data.aws_iam_policy_document.network_flow"},
	{Nested: "module.database.module.alarms", Flat: "module.database_alarms"},
}

// resource writes one element of resource_changes.
func resource(module, mode, typ, name, index, after, unknown, sensitive string) string {
	address := typ + "." + name
	if mode == "data" {
		address = "data." + address
	}
	if index != "" {
		address += "[" + index + "]"
		index = `"index":` + index + `,`
	}
	action := "create"
	if mode == "data" {
		action = "read"
	}
	return `{"address":"` + module + "." + strings.ReplaceAll(address, `"`, `\"`) + `","module_address":"` + module + `","mode":"` + mode + `","type":"` + typ + `","name":"` + name + `",` + index +
		`"change":{"actions":["` + action + `"],"after":` + after + `,"after_unknown":` + unknown + `,"after_sensitive":` + sensitive + `}}`
}

func region(module string) string {
	return `{"address":"` + module + `","resources":[{"address":"` + module + `.data.aws_region.current","mode":"data","type":"aws_region","name":"current","values":{"name":"eu-west-1"},"sensitive_values":{}}]}`
}

const (
	cluster   = `{"engine":"aurora-mysql","port":3306,"tags":{"a":"1"},"ids":[null,"x"]}`
	computed  = `{"arn":true,"ids":[true,false],"endpoint":true}`
	sensitive = `{"master_password":true,"tags":{}}`
	document  = `{"statement":[{"actions":["logs:PutLogEvents"]}]}`
)

func nestedPlan() string {
	return `{"format_version":"1.2","resource_changes":[` + strings.Join([]string{
		resource("module.this.module.database", "managed", "aws_rds_cluster", "this", "", cluster, computed, sensitive),
		resource("module.this.module.database", "managed", "aws_iam_role", "monitoring", "0", `{"name":"m"}`, `{"arn":true}`, `false`),
		resource("module.this.module.database.module.alarms", "managed", "aws_sns_topic", "a", "", `{"name":"t"}`, `{}`, `{}`),
		resource("module.this.module.network", "managed", "aws_subnet", "app", `"a"`, `{"cidr":"10.0.0.0/24"}`, `{}`, `{}`),
		resource("module.this.module.network", "managed", "aws_subnet", "app", `"c"`, `{"cidr":"10.0.1.0/24"}`, `{}`, `{}`),
		resource("module.this.module.network", "data", "aws_iam_policy_document", "flow", "", document, `{"json":true}`, `{}`),
		resource("module.this.module.network", "data", "aws_partition", "current", "", `{}`, `{"id":true}`, `{}`), // dropped as unused
	}, ",") + `],"output_changes":{"all":{"actions":["create"],"after":{"name":"x"},"after_unknown":{"arn":true}}},
	"prior_state":{"format_version":"1.0","values":{"root_module":{"child_modules":[{"address":"module.this","child_modules":[` +
		region("module.this.module.network") + "," + region("module.this.module.database") + `]}]}}},
	"configuration":{"root_module":{"module_calls":{"this":{"module":{"module_calls":{"database":{"module":{"resources":[
		{"address":"aws_rds_cluster.this","provider_config_key":"aws.us_east_1"}]}}}}}}}}}`
}

func flatPlan() string {
	return `{"format_version":"1.2","resource_changes":[` + strings.Join([]string{
		resource("module.this", "managed", "aws_rds_cluster", "database", "", cluster, computed, sensitive),
		resource("module.this", "managed", "aws_iam_role", "database_monitoring", "", `{"name":"m"}`, `{"arn":true}`, `{}`),
		resource("module.this.module.database_alarms", "managed", "aws_sns_topic", "a", "", `{"name":"t"}`, `{}`, `{}`),
		resource("module.this", "managed", "aws_subnet", "network_app", `"a"`, `{"cidr":"10.0.0.0/24"}`, `{}`, `{}`),
		resource("module.this", "managed", "aws_subnet", "network_app", `"c"`, `{"cidr":"10.0.1.0/24"}`, `{}`, `{}`),
		resource("module.this", "data", "aws_iam_policy_document", "network_flow", "", document, `{"json":true}`, `{}`),
	}, ",") + `],"output_changes":{"all":{"actions":["create"],"after":{"name":"x"},"after_unknown":{"arn":true}}},
	"prior_state":{"format_version":"1.0","values":{"root_module":{"child_modules":[` + region("module.this") + `]}}},
	"configuration":{"root_module":{"module_calls":{"this":{"module":{"resources":[
		{"address":"aws_rds_cluster.database","provider_config_key":"aws.us_east_1"}]}}}}}}`
}

func parse(t *testing.T, text string) *tfjson.Plan {
	t.Helper()
	p := &tfjson.Plan{}
	p.UseJSONNumber(true)
	if err := p.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEqualPlans(t *testing.T) {
	for _, d := range Plans(parse(t, nestedPlan()), parse(t, flatPlan()), "module.this", rename) {
		t.Error(d)
	}
}

// Every change of the flat plan must be found, at its place.
func TestPlansFindEveryChange(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"value", `"engine":"aurora-mysql"`, `"engine":"aurora-postgresql"`, `aws_rds_cluster.database: engine: nested "aurora-mysql", flat "aurora-postgresql"`},
		{"number", `"port":3306`, `"port":3306.5`, `aws_rds_cluster.database: port: nested 3306, flat 3306.5`},
		{"type of a value", `"port":3306`, `"port":"3306"`, `aws_rds_cluster.database: port: nested 3306, flat "3306"`},
		{"inside a map", `"a":"1"`, `"a":"2"`, `aws_rds_cluster.database: tags.a: nested "1", flat "2"`},
		{"inside a list", `[null,"x"]`, `[null,"y"]`, `aws_rds_cluster.database: ids[1]: nested "x", flat "y"`},
		{"length of a list", `[null,"x"]`, `[null,"x","y"]`, `aws_rds_cluster.database: ids: nested ["(known after apply)","x"], flat ["(known after apply)","x","y"]`},
		{"unknown becomes null", `"endpoint":true`, `"endpoint":false`, `aws_rds_cluster.database: endpoint: nested "(known after apply)", flat null`},
		{"unknown becomes known", `{"name":"m"},"after_unknown":{"arn":true}`, `{"name":"m","arn":"x"},"after_unknown":{}`, `aws_iam_role.database_monitoring: arn: nested "(known after apply)", flat "x"`},
		{"missing attribute", `"port":3306,`, ``, `aws_rds_cluster.database: port: nested 3306, flat null`},
		{"lost sensitivity", `"master_password":true`, `"master_password":false`, `aws_rds_cluster.database: (sensitive) : nested {"master_password":true}, flat null`},
		{"provider", `"provider_config_key":"aws.us_east_1"`, `"provider_config_key":"aws"`, `aws_rds_cluster.database: (provider): nested aws.us_east_1, flat aws`},
		{"action", `"actions":["create"],"after":{"name":"m"}`, `"actions":["delete"],"after":{"name":"m"}`, `aws_iam_role.database_monitoring: (actions): nested [create], flat [delete]`},
		{"key", `network_app[\"c\"]","module_address":"module.this","mode":"managed","type":"aws_subnet","name":"network_app","index":"c"`, `x","module_address":"module.this","mode":"managed","type":"aws_subnet","name":"network_app","index":"d"`, `aws_subnet.network_app["c"]: nested (there, as module.network.aws_subnet.app["c"]), flat (none)`},
		{"name", `"name":"database"`, `"name":"db"`, `aws_rds_cluster.database: nested (there, as module.database.aws_rds_cluster.this), flat (none)`},
		{"one too many", `"name":"database_monitoring"`, `"name":"other"`, `aws_iam_role.other: nested (none), flat (there)`},
		{"module inside a template", `"after":{"name":"t"}`, `"after":{"name":"u"}`, `module.database_alarms.aws_sns_topic.a: name: nested "t", flat "u"`},
		{"deferred data source", `"logs:PutLogEvents"`, `"logs:*"`, `data.aws_iam_policy_document.network_flow: statement[0].actions[0]: nested "logs:PutLogEvents", flat "logs:*"`},
		{"data source", `"eu-west-1"`, `"us-east-1"`, `data.aws_region.current: name: nested "eu-west-1", flat "us-east-1"`},
		{"output", `"after":{"name":"x"}`, `"after":{"name":"y"}`, `output.all: name: nested "x", flat "y"`},
		{"unknown output", `"after_unknown":{"arn":true}}}`, `"after_unknown":{}}}`, `output.all: arn: nested "(known after apply)", flat null`},
		{"missing output", `"output_changes":{"all"`, `"output_changes":{"other"`, `output.all: nested (there), flat (none)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := flatPlan()
			changed := strings.Replace(text, tt.old, tt.new, 1)
			if changed == text {
				t.Fatal("the plan has nothing to change")
			}
			got := Plans(parse(t, nestedPlan()), parse(t, changed), "module.this", rename)
			for _, d := range got {
				if d.String() == tt.want {
					return
				}
			}
			t.Errorf("got %v\nwant %s", got, tt.want)
		})
	}
}

func TestManagedResourcesAreNotMerged(t *testing.T) {
	both := append([]link.Rename{{Nested: "module.database.module.alarms.aws_sns_topic.a", Flat: "aws_rds_cluster.database"}}, rename...)
	got := Plans(parse(t, nestedPlan()), parse(t, flatPlan()), "module.this", both)
	found := false
	for _, d := range got {
		found = found || strings.Contains(d.Nested, "two resources")
	}
	if !found {
		t.Errorf("two resources in one were not noticed: %v", got)
	}
}

func TestManagedResourceWithoutRename(t *testing.T) {
	got := Plans(parse(t, nestedPlan()), parse(t, flatPlan()), "module.this", rename[1:])
	if len(got) == 0 || !strings.Contains(got[0].String(), "not in the rename map") {
		t.Errorf("got %v", got)
	}
}

func TestStates(t *testing.T) {
	state := func(module, name, sg string) *tfjson.State {
		s := &tfjson.State{}
		s.UseJSONNumber(true)
		text := `{"format_version":"1.0","values":{"outputs":{"sg":{"sensitive":false,"value":"` + sg + `"}},"root_module":{"child_modules":[{"address":"` + module + `","resources":[
			{"address":"` + module + `.aws_rds_cluster.` + name + `","mode":"managed","type":"aws_rds_cluster","name":"` + name + `","values":{"security_groups":["` + sg + `"]},"sensitive_values":{}}]}]}}}`
		if err := s.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return s
	}
	nested := state("module.this.module.database", "this", "sg-1")
	if got := States(nested, state("module.this", "database", "sg-1"), "module.this", rename); len(got) > 0 {
		t.Errorf("equal states: %v", got)
	}
	got := States(nested, state("module.this", "database", "sg-2"), "module.this", rename)
	if len(got) != 2 || got[0].String() != `aws_rds_cluster.database: security_groups[0]: nested "sg-1", flat "sg-2"` || got[1].Address != "output.sg" {
		t.Errorf("wrong wire: %v", got)
	}
}

// TestBuiltInProvider holds that the provider which the cores carry is one in all
// modules, that the id of its terraform_data is chance, and its input is not.
func TestBuiltInProvider(t *testing.T) {
	state := func(module, name, id, input string) *tfjson.State {
		s := &tfjson.State{}
		text := `{"format_version":"1.0","values":{"root_module":{"child_modules":[{"address":"` + module + `","resources":[
			{"address":"` + module + `.terraform_data.` + name + `","mode":"managed","type":"terraform_data","name":"` + name + `","values":{"id":"` + id + `","input":"` + input + `"},"sensitive_values":{}}]}]}}}`
		if err := s.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return s
	}
	names := []link.Rename{{Nested: "module.cdn.terraform_data.origin", Flat: "terraform_data.cdn_origin"}}
	nested := state("module.this.module.cdn", "origin", "1", "a")
	if got := States(nested, state("module.this", "cdn_origin", "2", "a"), "module.this", names); len(got) > 0 {
		t.Errorf("another id counts: %v", got)
	}
	if got := States(nested, state("module.this", "cdn_origin", "1", "b"), "module.this", names); len(got) != 1 {
		t.Errorf("another input does not count: %v", got)
	}
	if providerKey("module.this.module.cdn:terraform") != providerKey("module.this:terraform") || providerKey("module.this:aws") == providerKey("aws") {
		t.Error("the built-in provider alone is the same in all modules")
	}
}
