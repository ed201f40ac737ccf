package provider_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/provider"
)

func TestMain(m *testing.M) { harness.Main(m) }

// live runs a test case on real Terraform and on OpenTofu, with the provider in
// this process and BPGEN_PATH as given.
func live(t *testing.T, path string, steps ...resource.TestStep) {
	t.Helper()
	harness.Live(t)
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			core := harness.Find(t, name)
			t.Setenv("TF_ACC_TERRAFORM_PATH", core.Path)
			t.Setenv("TF_CLI_CONFIG_FILE", os.DevNull)
			t.Setenv("TF_ACC_PROVIDER_HOST", core.RegistryHost())
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
					"bpgen": func() (tfprotov6.ProviderServer, error) {
						return providerserver.NewProtocol6WithError(provider.New(provider.Environment{BuiltIn: builtIn(), Path: path, Version: "test"}))()
					},
				},
				Steps: steps,
			})
		})
	}
}

// output is a check of one output.
func output(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownOutputValue(name, want)
}

// TestLiveDataSource reads the data source of a blueprint, changes an option, and
// plans nothing after each.
func TestLiveDataSource(t *testing.T) {
	config := func(cdn bool) string {
		return fmt.Sprintf(`
data "bpgen_ecs_fargate" "web" {
  cdn      = %t
  database = "aurora-postgresql"
  name     = "web"
}

output "files" {
  value = keys(data.bpgen_ecs_fargate.web.files)
}

output "required" {
  value = sort([for name, v in data.bpgen_ecs_fargate.web.variables : name if v.required])
}

output "url" {
  value = data.bpgen_ecs_fargate.web.outputs.url.description
}

output "chosen" {
  value = jsondecode(data.bpgen_ecs_fargate.web.manifest).options.database
}

output "drawn" {
  value = startswith(data.bpgen_ecs_fargate.web.diagram, "flowchart")
}

output "tfvars" {
  value = data.bpgen_ecs_fargate.web.tfvars
}

output "findings" {
  value = provider::bpgen::vet(data.bpgen_ecs_fargate.web.files)
}

output "same" {
  value = data.bpgen_ecs_fargate.web.files == provider::bpgen::render("ecs-fargate", { cdn = %[1]t, database = "aurora-postgresql" }).files
}
`, cdn)
	}
	checks := func(cdn bool, more ...statecheck.StateCheck) []statecheck.StateCheck {
		names := []string{"domain_name", "hosted_zone_id", "image_tag", "name"}
		if !cdn {
			names = slices.Insert(names, 3, "load_balancer_ingress_cidr_blocks") // only its owner knows who may reach it
		}
		var required []knownvalue.Check
		for _, n := range names {
			required = append(required, knownvalue.StringExact(n))
		}
		return append([]statecheck.StateCheck{
			output("required", knownvalue.ListExact(required)),
			output("url", knownvalue.StringExact("Address of the application.")),
			output("chosen", knownvalue.StringExact("aurora-postgresql")),
			output("drawn", knownvalue.Bool(true)),
			output("tfvars", knownvalue.StringExact("name = \"web\"\n")),
			output("findings", knownvalue.ListSizeExact(0)),
			output("same", knownvalue.Bool(true)),
		}, more...)
	}
	live(t, "",
		resource.TestStep{Config: config(true), ConfigStateChecks: checks(true, statecheck.ExpectKnownValue("data.bpgen_ecs_fargate.web",
			tfjsonpath.New("files").AtMapKey("cdn.tf"), knownvalue.StringRegexp(regexp.MustCompile(`resource "aws_cloudfront_distribution"`))))},
		resource.TestStep{Config: config(false), ConfigStateChecks: checks(false)},
		resource.TestStep{Config: config(false), PlanOnly: true},
	)
}

// TestLiveCatalogue reads the list, one blueprint, and one that only the provider
// block knows.
func TestLiveCatalogue(t *testing.T) {
	config := fmt.Sprintf(`
provider "bpgen" {
  blueprint_dirs = [%q]
}

data "bpgen_blueprints" "all" {
}

data "bpgen_blueprint" "kinds" {
  name    = "kinds"
  options = { team = "web", rules = [{ name = "r" }, { name = "s", days = 3 }], any-thing = "x" }
}

data "bpgen_blueprint" "shown" {
  name = "ecs-fargate"
}

output "all" {
  value = { for name, b in data.bpgen_blueprints.all.blueprints : name => coalesce(b.data_source, "none") }
}

output "rules" {
  value = strcontains(data.bpgen_blueprint.kinds.files["logs.tf"], "\"r-7\", \"s-3\"")
}

output "shown" {
  value = {
    rendered = data.bpgen_blueprint.shown.files != null
    zones    = join(" ", data.bpgen_blueprint.shown.offered.zones.one_of)
    when     = data.bpgen_blueprint.shown.components.cdn.when
  }
}
`, sound(t))
	live(t, "", resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
		output("all", knownvalue.ObjectPartial(map[string]knownvalue.Check{"ecs-fargate": knownvalue.StringExact("bpgen_ecs_fargate"), "kinds": knownvalue.StringExact("none")})),
		output("rules", knownvalue.Bool(true)),
		output("shown", knownvalue.ObjectExact(map[string]knownvalue.Check{
			"rendered": knownvalue.Bool(false), "zones": knownvalue.StringExact("2 3"), "when": knownvalue.StringExact("option.cdn"),
		})),
	}}, resource.TestStep{Config: config, PlanOnly: true})
}

// TestLiveOwnBlueprint reads the data source of a platform team's blueprint, with
// nested objects and lists, beside blueprints that do not parse.
func TestLiveOwnBlueprint(t *testing.T) {
	config := `
data "bpgen_kinds" "app" {
  team         = "web"
  days         = 14
  groups       = ["one"]
  labels       = { a = "b" }
  zones        = [2, 1]
  limits       = { alarm = { high = 3 } }
  rules        = [{ name = "r" }]
  pairs        = ["x", 2]
  any_thing    = { a = [1] }
  option_count = 2
  name         = "shop"
}

output "code" {
  value = data.bpgen_kinds.app.files["logs.tf"]
}

output "tfvars" {
  value = data.bpgen_kinds.app.tfvars
}
`
	live(t, own, resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
		output("code", knownvalue.StringRegexp(regexp.MustCompile(regexp.QuoteMeta(`toset([var.name, "one", "r-7", "1", "2", "256-3"])`)))),
		output("code", knownvalue.StringRegexp(regexp.MustCompile(regexp.QuoteMeta(`{ a = "b", count = "2", level = "info", team = "web" }`)))),
		output("tfvars", knownvalue.StringExact("name = \"shop\"\n")),
	}}, resource.TestStep{Config: config, PlanOnly: true})
}

// TestLiveFunctions calls every function.
func TestLiveFunctions(t *testing.T) {
	config := `
output "render" {
  value = length(provider::bpgen::render("ecs-fargate", {}, { layout = "nested" }).files) > length(provider::bpgen::render("ecs-fargate", { cdn = false }).files)
}

output "plan" {
  value = provider::bpgen::cidr_plan("10.200.48.0/23", { zones = 2 })
}

output "cite" {
  value = provider::bpgen::cite("aurora.deletion-protection").citation
}

output "vet" {
  value = [for f in provider::bpgen::vet({ "main.tf" = "locals {\n  a = var.b\n}\n" }) : "${f.severity} ${f.rule} ${f.file}:${f.line}"]
}
`
	cidrs := func(s ...string) knownvalue.Check {
		var out []knownvalue.Check
		for _, c := range s {
			out = append(out, knownvalue.StringExact(c))
		}
		return knownvalue.ListExact(out)
	}
	live(t, "", resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
		output("render", knownvalue.Bool(true)),
		output("plan", knownvalue.MapExact(map[string]knownvalue.Check{
			"app": cidrs("10.200.48.0/26", "10.200.48.64/26"), "public": cidrs("10.200.48.192/27", "10.200.48.224/27"), "datastore": cidrs("10.200.49.32/28", "10.200.49.48/28"),
		})),
		output("cite", knownvalue.StringExact("notes aurora.deletion-protection: Deletion protection is on for the DB cluster")),
		output("vet", knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.StringRegexp(regexp.MustCompile(`^(error|warning) [a-z-]+ main\.tf:\d$`))})),
	}})
}

// TestLiveUnknown holds that what a resource decides is waited for: no error, no
// guess, and the right files after apply.
func TestLiveUnknown(t *testing.T) {
	config := func(days int) string {
		return fmt.Sprintf(`
resource "terraform_data" "days" {
  input = %d
}

data "bpgen_kinds" "app" {
  team  = "web"
  level = "error"
  days  = terraform_data.days.output
}

data "bpgen_blueprint" "app" {
  name    = "kinds"
  options = { team = "web", days = terraform_data.days.output }
}

output "data" {
  value = strcontains(data.bpgen_kinds.app.files["logs.tf"], "retention_in_days = %[1]d")
}

output "one" {
  value = strcontains(data.bpgen_blueprint.app.files["logs.tf"], "retention_in_days = %[1]d")
}

output "function" {
  value = strcontains(provider::bpgen::render("kinds", { team = "web", days = terraform_data.days.output }).files["logs.tf"], "retention_in_days = %[1]d")
}

output "findings" {
  value = length(provider::bpgen::vet({ "main.tf" = "# ${terraform_data.days.output}\n" }))
}

output "subnets" {
  value = length(provider::bpgen::cidr_plan("10.0.0.0/${terraform_data.days.output + 2}"))
}
`, days)
	}
	unknown := []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("data"), plancheck.ExpectUnknownOutputValue("one"), plancheck.ExpectUnknownOutputValue("function"),
		plancheck.ExpectUnknownOutputValue("findings"), plancheck.ExpectUnknownOutputValue("subnets")}
	right := []statecheck.StateCheck{output("data", knownvalue.Bool(true)), output("one", knownvalue.Bool(true)), output("function", knownvalue.Bool(true)), output("subnets", knownvalue.Int64Exact(3))}
	live(t, own,
		resource.TestStep{Config: config(14), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: unknown}, ConfigStateChecks: right},
		resource.TestStep{Config: config(14), PlanOnly: true},
		// Found out only when it is known: the error comes then, and names the value.
		resource.TestStep{Config: config(15), ExpectError: words("CloudWatch does not keep logs for 15 days.")},
	)
}

// words matches a text over the line breaks that the cores wrap it with.
func words(text string) *regexp.Regexp {
	fields := strings.Fields(text)
	for i, f := range fields {
		fields[i] = regexp.QuoteMeta(f)
	}
	return regexp.MustCompile(strings.Join(fields, `[\s│╷╵]+`))
}

// TestLiveBadInput holds what the cores show for every bad input.
func TestLiveBadInput(t *testing.T) {
	const head = "data \"bpgen_kinds\" \"app\" {\n"
	tests := map[string]struct{ path, config, want string }{
		"unknown blueprint":          {own, `data "bpgen_blueprint" "x" { name = "kind" }`, `There is no blueprint of that name. Did you mean "kinds"?`},
		"unknown blueprint, render":  {own, `output "x" { value = provider::bpgen::render("kind", {}) }`, `Unknown blueprint: There is no blueprint of that name.`},
		"unknown data source":        {own, `data "bpgen_kind" "x" {}`, `does not support data source "bpgen_kind"`},
		"unknown option":             {own, head + "team = \"a\"\ndayz = 3\n}", `An argument named "dayz" is not expected here. Did you mean "days"?`},
		"unknown option, dynamic":    {own, `data "bpgen_blueprint" "x" {` + "\nname = \"kinds\"\noptions = { team = \"a\", dayz = 3 }\n}", `The blueprint "kinds" has no option "dayz" (from the configuration). Did you mean "days"?`},
		"unknown option, render":     {own, `output "x" { value = provider::bpgen::render("kinds", { team = "a", dayz = 3 }) }`, `Invalid value for "options" parameter: Unknown option: The blueprint "kinds" has no option "dayz"`},
		"missing option":             {own, `data "bpgen_kinds" "x" {}`, `The argument "team" is required`},
		"type":                       {own, head + "team = \"a\"\ndays = \"many\"\n}", `Inappropriate value for attribute "days": a number is required.`},
		"type, nested":               {own, head + "team = \"a\"\nlimits = { alarm = { high = \"x\" } }\n}", `Inappropriate value for attribute "limits"`},
		"type, dynamic":              {own, `data "bpgen_blueprint" "x" {` + "\nname = \"kinds\"\noptions = { team = \"a\", days = \"many\" }\n}", `The option "days" (from the configuration) takes number: a number is required.`},
		"one_of":                     {own, head + "team = \"a\"\nlevel = \"errors\"\n}", `The option "level" (from the configuration) must be one of info, error.`},
		"validation":                 {own, head + "team = \"a\"\ndays = 8\n}", `CloudWatch does not keep logs for 8 days.`},
		"validations across options": {own, head + "team = \"a\"\nlevel = \"error\"\ninsights = false\n}", `Errors alone are of no use without Container Insights.`},
		"profile":                    {own, head + "team = \"a\"\nprofile = \"prd\"\n}", `The blueprint "kinds" has no profile of that name. There is "dev".`},
		"layout":                     {own, head + "team = \"a\"\nlayout = \"round\"\n}", `must be one of: ["flat" "nested"]`},
		"secret":                     {own, head + "team = \"a\"\nkey = \"hunter2\"\n}", `The variable "key" of the module is a secret.`},
		"broken blueprint":           {own, "data \"bpgen_broken_later\" \"x\" {\n  days = 3\n}", `The default does not have the option's type: a number is required.`},
		"broken blueprint, its line": {own, "data \"bpgen_broken_start\" \"x\" {\n  days = 3\n}", `on testdata/platform/blueprints/broken-start/blueprint.hcl line 8`},
		"no such directory":          {"", "provider \"bpgen\" {\n  blueprint_dirs = [\"no/such\"]\n}\n\ndata \"bpgen_blueprints\" \"x\" {}", `there is no blueprint directory "no/such"`},
		"strict":                     {own, "provider \"bpgen\" {\n  strict = true\n}\n\n" + head + "team = \"a\"\ninsights = false\n}", "The provider is strict: a warning is an error."},
		"configuration not known":    {"", "resource \"terraform_data\" \"x\" {\n  input = true\n}\n\nprovider \"bpgen\" {\n  strict = terraform_data.x.output\n}\n\ndata \"bpgen_blueprints\" \"x\" {}", "strict decides what is rendered and where, so it must be known"},
		"null options":               {"", `output "x" { value = provider::bpgen::render("ecs-fargate", null) }`, `argument must not be null`},
		"no range":                   {"", `output "x" { value = provider::bpgen::cidr_plan("10.0.0.0") }`, `Invalid value for "cidr" parameter: Address ranges do not fit: The range must be`},
		"unknown note":               {"", `output "x" { value = provider::bpgen::cite("aurora.x") }`, `Invalid value for "id" parameter: The notes have no entry with that ID.`},
		"not a path":                 {"", `output "x" { value = provider::bpgen::vet({ "../a.tf" = "" }) }`, `Invalid value for "files" parameter: Not a path`},
		"ephemeral":                  {own, "variable \"secret\" {\n  type      = string\n  default   = \"x\"\n  ephemeral = true\n}\n\n" + head + "team = var.secret\n}", "phemeral value"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			live(t, tt.path, resource.TestStep{Config: tt.config, ExpectError: words(tt.want)})
		})
	}
}

// TestLiveSensitive holds that functions, which see no marks, lose none: their
// result is as secret as their arguments.
func TestLiveSensitive(t *testing.T) {
	live(t, own, resource.TestStep{
		Config: `
variable "secret" {
  type      = string
  default   = "hunter2"
  sensitive = true
}

output "x" {
  value = provider::bpgen::render("kinds", { team = var.secret }).files["logs.tf"]
}
`, ExpectError: words("Output refers to sensitive values"),
	})
}
