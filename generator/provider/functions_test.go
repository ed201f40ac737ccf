package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// TestFunctionErrors holds that an error names the argument that is wrong, and
// how to mend it.
func TestFunctionErrors(t *testing.T) {
	t.Parallel()
	s := start(t, own)
	none := obj(nil)
	team := map[string]tftypes.Value{"team": str("web")}
	with := func(name string, v tftypes.Value) tftypes.Value {
		return obj(map[string]tftypes.Value{"team": str("web"), name: v})
	}
	files := func(kv ...string) tftypes.Value {
		m := map[string]tftypes.Value{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = str(kv[i+1])
		}
		return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, m)
	}
	tests := map[string]struct {
		function string
		args     []tftypes.Value
		position int64
		want     string
	}{
		"unknown blueprint":     {"render", []tftypes.Value{str("ecs-fargat"), none}, 0, `Unknown blueprint: There is no blueprint of that name. Did you mean "ecs-fargate"?`},
		"broken blueprint":      {"render", []tftypes.Value{str("broken-start"), none}, 0, "Invalid expression: Expected the start of an expression"},
		"missing option":        {"render", []tftypes.Value{str("kinds"), none}, 0, `Missing option: The option "team" has no default and was not set. Add it to the options.`},
		"unknown option":        {"render", []tftypes.Value{str("kinds"), with("dayz", num(1))}, 1, `Unknown option: The blueprint "kinds" has no option "dayz" (from the configuration). Did you mean "days"?`},
		"wrong type":            {"render", []tftypes.Value{str("kinds"), with("days", strs("x"))}, 1, `Not a valid value: The option "days"`},
		"validation":            {"render", []tftypes.Value{str("kinds"), with("days", num(8))}, 1, "Incompatible options: CloudWatch does not keep logs for 8 days."},
		"no object":             {"render", []tftypes.Value{str("kinds"), str("days=8")}, 1, "Not options: Options must be an object"},
		"unknown profile":       {"render", []tftypes.Value{str("kinds"), obj(team), obj(map[string]tftypes.Value{"profile": str("prd")})}, 2, `Unknown profile: The blueprint "kinds" has no profile of that name. There is "dev".`},
		"unknown layout":        {"render", []tftypes.Value{str("kinds"), obj(team), obj(map[string]tftypes.Value{"layout": str("flatt")})}, 2, `There is no layout with that name. Did you mean "flat"?`},
		"unknown setting":       {"render", []tftypes.Value{str("kinds"), obj(team), obj(map[string]tftypes.Value{"profil": str("dev")})}, 2, `There is no setting "profil"`},
		"setting of a type":     {"render", []tftypes.Value{str("kinds"), obj(team), obj(map[string]tftypes.Value{"profile": num(1)})}, 2, `The setting "profile" must be a string.`},
		"settings twice":        {"render", []tftypes.Value{str("kinds"), obj(team), none, none}, 3, "Too many arguments"},
		"no range":              {"cidr_plan", []tftypes.Value{str("10.0.0.0")}, 0, "Address ranges do not fit: The range must be"},
		"overlap":               {"cidr_plan", []tftypes.Value{str("10.0.0.0/16"), obj(map[string]tftypes.Value{"other_cidrs": strs("10.0.0.0/20")})}, 0, "Address ranges do not fit: The range 10.0.0.0/16 overlaps 10.0.0.0/20."},
		"no such variable":      {"cidr_plan", []tftypes.Value{str("10.0.0.0/16"), obj(map[string]tftypes.Value{"zonez": num(2)})}, 1, `Unknown variable: The template "network" has no variable "zonez". Did you mean "zones"?`},
		"the range twice":       {"cidr_plan", []tftypes.Value{str("10.0.0.0/16"), obj(map[string]tftypes.Value{"cidr": str("x")})}, 1, "The range of the VPC is the first argument"},
		"wrong type of setting": {"cidr_plan", []tftypes.Value{str("10.0.0.0/16"), obj(map[string]tftypes.Value{"zones": yes(true)})}, 1, `Not a valid value: The variable "zones"`},
		"unknown note":          {"cite", []tftypes.Value{str("aurora.deletion-protecton")}, 0, `The notes have no entry with that ID. Did you mean "aurora.deletion-protection"`},
		"path upwards":          {"vet", []tftypes.Value{files("../main.tf", "")}, 0, "Not a path"},
		"two paths of one name": {"vet", []tftypes.Value{files("a.tf", "", "A.tf", "")}, 0, "Not a path: two files have"},
		"too deep":              {"vet", []tftypes.Value{files("main.tf", "locals {\n  a = "+strings.Repeat("[", 10_000)+"\n}\n")}, 0, ""},
		"no content": {"vet", []tftypes.Value{tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"main.tf": tftypes.NewValue(tftypes.String, nil)})},
			0, `File without content: The content of "main.tf" is null.`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := s.call(t, tt.function, tt.args...)
			switch {
			case err == nil:
				t.Error("no error")
			case err.FunctionArgument == nil || *err.FunctionArgument != tt.position:
				t.Errorf("argument %v, want %d: %s", err.FunctionArgument, tt.position, err.Text)
			case !strings.HasPrefix(err.Text, tt.want):
				t.Errorf("got  %s\nwant %s", err.Text, tt.want)
			}
		})
	}
}

// TestFunctionsWait holds that what is unknown leads to an unknown result.
func TestFunctionsWait(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	list := tftypes.List{ElementType: tftypes.String}
	tests := map[string]struct {
		function string
		args     []tftypes.Value
	}{
		"an option":           {"render", []tftypes.Value{str("ecs-fargate"), obj(map[string]tftypes.Value{"cdn": later(tftypes.Bool)})}},
		"all options":         {"render", []tftypes.Value{str("ecs-fargate"), later(tftypes.DynamicPseudoType)}},
		"the profile":         {"render", []tftypes.Value{str("ecs-fargate"), obj(nil), obj(map[string]tftypes.Value{"profile": later(tftypes.String)})}},
		"within a setting":    {"cidr_plan", []tftypes.Value{str("10.0.0.0/16"), obj(map[string]tftypes.Value{"other_cidrs": tftypes.NewValue(list, []tftypes.Value{later(tftypes.String)})})}},
		"content of one file": {"vet", []tftypes.Value{tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"main.tf": later(tftypes.String)})}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := s.call(t, tt.function, tt.args...)
			if err != nil {
				t.Fatal(err.Text)
			}
			if v.IsKnown() {
				t.Errorf("got %s", v)
			}
		})
	}
}

// TestFunctionResults holds what functions return.
func TestFunctionResults(t *testing.T) {
	t.Parallel()
	s := start(t, sound(t))
	none := obj(nil)
	must := func(name string, args ...tftypes.Value) tftypes.Value {
		t.Helper()
		v, err := s.call(t, name, args...)
		if err != nil {
			t.Fatal(err.Text)
		}
		return v
	}

	// The result of render is that of the data source.
	rendered := fields(t, must("render", str("kinds"), obj(map[string]tftypes.Value{"team": str("web")}), obj(map[string]tftypes.Value{"profile": str("dev")})))
	read, _ := s.read(t, "bpgen_kinds", map[string]tftypes.Value{"team": str("web"), "profile": str("dev")})
	for name, v := range rendered {
		if !v.Equal(read[name]) {
			t.Errorf("%s: the function says %s, the data source %s", name, v, read[name])
		}
	}
	if len(rendered) != 5 {
		t.Errorf("got %d values", len(rendered))
	}
	if all := fields(t, must("render", str("ecs-fargate"), none)); len(fields(t, all["files"])) < 10 {
		t.Errorf("no options: %s", all)
	}
	asMap := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"cdn": str("false"), "zones": str("2")})
	asObject := obj(map[string]tftypes.Value{"cdn": yes(false), "zones": num(2)})
	if !must("render", str("ecs-fargate"), asMap).Equal(must("render", str("ecs-fargate"), asObject)) {
		t.Error("a map of strings means something else than an object")
	}

	// The plan is the one that the files of a module say.
	plan := fields(t, must("cidr_plan", str("10.200.48.0/23"), obj(map[string]tftypes.Value{"zones": num(2)})))
	var app []tftypes.Value
	if err := plan["app"].As(&app); err != nil || len(app) != 2 || text(t, app[1]) != "10.200.48.64/26" || len(plan) != 3 {
		t.Errorf("got %s", plan)
	}

	note := fields(t, must("cite", str("aurora.deletion-protection")))
	for name, want := range map[string]string{"citation": "notes aurora.deletion-protection: Deletion protection is on for the DB cluster", "chapter": "22-02", "strength": "must", "value": "true", "id": "aurora.deletion-protection"} {
		if got := text(t, note[name]); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}

	findings := func(v tftypes.Value) []tftypes.Value {
		var out []tftypes.Value
		if err := v.As(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := findings(must("vet", rendered["files"])); len(got) != 0 {
		t.Errorf("a rendered module: %s", got)
	}
	files := map[string]tftypes.Value{
		"main.tf":   str("resource \"aws_s3_bucket\" \"b\" {\n  bucket = var.name\n  colour = \"red\"\n}\n"),
		"README.md": str("{{ no code }}"),
	}
	got := findings(must("vet", tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, files)))
	var seen []string
	for _, f := range got {
		v := fields(t, f)
		seen = append(seen, text(t, v["severity"])+" "+text(t, v["rule"])+" "+text(t, v["file"])+" "+v["line"].String())
		if text(t, v["why"]) == "" || text(t, v["summary"]) == "" || text(t, v["detail"]) == "" {
			t.Errorf("a finding without words: %s", f)
		}
	}
	for _, want := range []string{`error unknown-reference main.tf tftypes.Number<"2">`, `error unknown-argument main.tf tftypes.Number<"3">`} {
		if !strings.Contains(strings.Join(seen, "\n"), want) {
			t.Errorf("no %s in %q", want, seen)
		}
	}
}
