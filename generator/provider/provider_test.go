package provider_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/resolve"
)

// own is a platform team's folder with a blueprint that has an option of every
// kind and two that do not parse.
const own = "testdata/platform"

// sound is a copy of own without the broken blueprints.
func sound(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(own)); err != nil {
		t.Fatal(err)
	}
	broken, err := filepath.Glob(filepath.Join(dir, "blueprints", "broken-*"))
	if err != nil || len(broken) != 2 {
		t.Fatal(broken, err)
	}
	for _, b := range broken {
		if err := os.RemoveAll(b); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSchemaMirrorsOptions holds name, type, need and description of every
// attribute for the blueprint with an option of every kind.
func TestSchemaMirrorsOptions(t *testing.T) {
	t.Parallel()
	s := start(t, sound(t))
	want := map[string]string{
		"any_thing":    "optional dynamic: Anything, under a name with a hyphen.",
		"days":         "optional tftypes.Number: How long logs are kept.\n\nDefault: `30`.\n\nWhy: a month is enough to look into an incident.",
		"groups":       "optional tftypes.List[tftypes.String]: More log groups.",
		"insights":     "optional tftypes.Bool: Whether the cluster has Container Insights.\n\nDefault: `true`.\n\nSource:\n- notes 09-02: Container Insights can be enabled",
		"key":          "optional tftypes.String: Key that nobody may know.\n\nThe variable `key` of the module is a secret",
		"labels":       "optional tftypes.Map[tftypes.String]: Tags.",
		"level":        "optional tftypes.String: Which lines are kept.\n\nOne of `info`, `error`. Default: `info`.",
		"limits":       "optional single{alarm: required single{high: required tftypes.Number, low: optional tftypes.Number}, cpu: optional tftypes.Number}: An object with another one.",
		"name":         "optional tftypes.String: Name of the application.\n\nValue of the variable `name` of the module",
		"option_count": "optional tftypes.Number: An option with a name that Terraform has taken.",
		"pairs":        "optional dynamic: A tuple, which no schema can say.",
		"profile":      "optional tftypes.String: Uses the option values of one of the blueprint's profiles; `options` take precedence.\n- `dev`: Short.",
		"rules":        "optional list{days: optional tftypes.Number, name: required tftypes.String}: A list of objects.",
		"team":         "required tftypes.String: Who is called.\n\nWhy: somebody must be.",
		"zones":        "optional tftypes.Set[tftypes.Number]: Numbers, each once.",
		"aws_provider": "optional tftypes.String: Major version of the hashicorp/aws provider.\n\nOne of `6`, `5`. Default: `6`.",
		"target":       "optional tftypes.String",
		"layout":       "optional tftypes.String",
		"files":        "computed tftypes.Map[tftypes.String]",
		"variables":    "computed map{",
		"outputs":      "computed map{",
		"manifest":     "computed tftypes.String",
		"diagram":      "computed tftypes.String",
		"tfvars":       "computed tftypes.String",
		"home":         "optional tftypes.String: Where the users are",
	}
	got := map[string]string{}
	for _, a := range s.schema.DataSourceSchemas["bpgen_kinds"].Block.Attributes {
		got[a.Name] = shape(a) + ": " + a.Description
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !strings.HasPrefix(got[name], want[name]) {
			t.Errorf("%s: got  %s\nwant %s", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %q", slices.Sorted(maps.Keys(got)))
	}
}

// shape shows what an attribute takes.
func shape(a *tfprotov6.SchemaAttribute) string {
	need := map[bool]string{true: "required", false: "optional"}[a.Required]
	if a.Computed {
		need = "computed"
	}
	if a.NestedType == nil {
		if a.Type.Is(tftypes.DynamicPseudoType) {
			return need + " dynamic"
		}
		return need + " " + a.Type.String()
	}
	var members []string
	for _, m := range a.NestedType.Attributes {
		members = append(members, m.Name+": "+shape(m))
	}
	slices.Sort(members)
	return fmt.Sprintf("%s %s{%s}", need, strings.ToLower(a.NestedType.Nesting.String()), strings.Join(members, ", "))
}

// TestSchemaHoldsEveryBuiltInOption holds that no option of a built-in blueprint
// is left out, and that each says where its default comes from.
func TestSchemaHoldsEveryBuiltInOption(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	cat, _ := catalog.New(builtIn())
	for _, name := range cat.Blueprints() {
		bp, _ := cat.Blueprint(name)
		schema := s.schema.DataSourceSchemas["bpgen_"+tfName(name)]
		if schema == nil {
			t.Errorf("no data source for %s", name)
			continue
		}
		for _, o := range resolve.Options(bp) {
			i := slices.IndexFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == tfName(o.Name) })
			if i < 0 {
				t.Errorf("%s: no attribute for %s", name, o.Name)
				continue
			}
			text := schema.Block.Attributes[i].Description
			for _, id := range o.Notes {
				if e, ok := cat.Ledger().Lookup(id); !ok || !strings.Contains(text, "notes "+e.Chapter+": ") || !strings.Contains(text, "`"+id+"`") {
					t.Errorf("%s: %s does not cite %s: %s", name, o.Name, id, text)
				}
			}
			if len(o.Notes) == 0 && !strings.Contains(text, "Why: "+o.Why) {
				t.Errorf("%s: %s does not say why: %s", name, o.Name, text)
			}
		}
	}
}

// TestValidate holds what is said before anything is known of the cloud: at the
// attribute, and never about what is unknown.
func TestValidate(t *testing.T) {
	t.Parallel()
	s := start(t, sound(t))
	team := str("web")
	tests := map[string]struct {
		typ   string
		given map[string]tftypes.Value
		want  string // start of the diagnostics; "" for none
	}{
		"right":          {"bpgen_kinds", map[string]tftypes.Value{"team": team, "days": num(7)}, ""},
		"all of them":    {"bpgen_kinds", every(), ""},
		"one_of":         {"bpgen_ecs_fargate", map[string]tftypes.Value{"database": str("aurora-mysqll")}, "error database: Not a valid value: The option \"database\" (from the configuration) must be one of"},
		"near":           {"bpgen_ecs_fargate", map[string]tftypes.Value{"cache": str("rediss")}, "error cache: Not a valid value: The option \"cache\" (from the configuration) must be one of redis, valkey, none."},
		"validation":     {"bpgen_kinds", map[string]tftypes.Value{"team": team, "days": num(8)}, "error days: Incompatible options: CloudWatch does not keep logs for 8 days."},
		"across options": {"bpgen_kinds", map[string]tftypes.Value{"team": team, "level": str("error"), "insights": yes(false)}, "error: Incompatible options: Errors alone are of no use without Container Insights."},
		"dynamic":        {"bpgen_kinds", map[string]tftypes.Value{"team": team, "pairs": str("a")}, "error pairs: Not a valid value: The option \"pairs\" (from the configuration) takes tuple"},
		"all at once": {"bpgen_ecs_fargate", map[string]tftypes.Value{"database": str("x"), "cache": str("y")},
			"error cache: Not a valid value"},
		"secret":          {"bpgen_kinds", map[string]tftypes.Value{"team": team, "key": str("hunter2")}, "error key: Secret in the state: The variable \"key\" of the module is a secret."},
		"secret, unknown": {"bpgen_kinds", map[string]tftypes.Value{"team": team, "key": later(tftypes.String)}, "error key: Secret in the state"},
		"profile":         {"bpgen_kinds", map[string]tftypes.Value{"team": team, "profile": str("prd")}, "error profile: Unknown profile: The blueprint \"kinds\" has no profile of that name. There is \"dev\"."},
		"layout":          {"bpgen_kinds", map[string]tftypes.Value{"team": team, "layout": str("round")}, "error layout: Invalid Attribute Value Match"},

		"unknown":                         {"bpgen_kinds", map[string]tftypes.Value{"team": later(tftypes.String), "days": later(tftypes.Number)}, ""},
		"unknown inside":                  {"bpgen_kinds", map[string]tftypes.Value{"team": team, "groups": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{later(tftypes.String)})}, ""},
		"unknown in a validation":         {"bpgen_kinds", map[string]tftypes.Value{"team": team, "level": str("error"), "insights": later(tftypes.Bool)}, ""},
		"unknown profile may set it":      {"bpgen_kinds", map[string]tftypes.Value{"team": team, "days": num(8), "profile": later(tftypes.String)}, ""},
		"wrong whatever the unknown will": {"bpgen_kinds", map[string]tftypes.Value{"team": later(tftypes.String), "days": num(8)}, "error days: Incompatible options"},

		"one: nothing is asked":   {"bpgen_blueprint", map[string]tftypes.Value{"name": str("kinds")}, ""},
		"one: unknown name":       {"bpgen_blueprint", map[string]tftypes.Value{"name": later(tftypes.String), "options": obj(map[string]tftypes.Value{"x": yes(true)})}, ""},
		"one: perhaps configured": {"bpgen_blueprint", map[string]tftypes.Value{"name": str("elsewhere"), "options": obj(nil)}, ""},
		"one: unknown option":     {"bpgen_blueprint", map[string]tftypes.Value{"name": str("kinds"), "options": obj(map[string]tftypes.Value{"team": team, "dayz": num(1)})}, "error options.dayz: Unknown option: The blueprint \"kinds\" has no option \"dayz\" (from the configuration). Did you mean \"days\"?"},
		"one: missing":            {"bpgen_blueprint", map[string]tftypes.Value{"name": str("kinds"), "options": obj(nil)}, "error name: Missing option: The option \"team\" has no default and was not set."},
		"one: no object":          {"bpgen_blueprint", map[string]tftypes.Value{"name": str("kinds"), "options": str("days=1")}, "error options: Not options"},
		"one: a wrong type":       {"bpgen_blueprint", map[string]tftypes.Value{"name": str("kinds"), "options": obj(map[string]tftypes.Value{"team": team, "days": strs("a")})}, "error options.days: Not a valid value"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := said(s.validate(t, tt.typ, tt.given))
			if tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if name == "all at once" && !strings.Contains(got, "error database: Not a valid value") {
				t.Errorf("got %s", got)
			}
		})
	}
}

// every gives a value to every option of the blueprint kinds.
func every() map[string]tftypes.Value {
	alarm := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"high": tftypes.Number, "low": tftypes.Number}}
	limits := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"cpu": tftypes.Number, "alarm": alarm}}
	rule := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String, "days": tftypes.Number}}
	return map[string]tftypes.Value{
		"days": num(14), "insights": yes(true), "level": str("error"), "team": str("web"), "groups": strs("one", "two"),
		"labels": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"a": str("b")}),
		"zones":  tftypes.NewValue(tftypes.Set{ElementType: tftypes.Number}, []tftypes.Value{num(1), num(2)}),
		"limits": tftypes.NewValue(limits, map[string]tftypes.Value{
			"cpu": tftypes.NewValue(tftypes.Number, nil), "alarm": tftypes.NewValue(alarm, map[string]tftypes.Value{"high": num(3), "low": tftypes.NewValue(tftypes.Number, nil)}),
		}),
		"rules": tftypes.NewValue(tftypes.List{ElementType: rule}, []tftypes.Value{
			tftypes.NewValue(rule, map[string]tftypes.Value{"name": str("r"), "days": tftypes.NewValue(tftypes.Number, nil)}),
		}),
		"pairs":     tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String, tftypes.Number}}, []tftypes.Value{str("x"), num(2)}),
		"any_thing": yes(true), "option_count": num(2), "name": str("shop"),
	}
}

// TestRead holds what a data source returns besides files.
func TestRead(t *testing.T) {
	t.Parallel()
	s := start(t, sound(t))
	got, d := s.read(t, "bpgen_kinds", every())
	if len(d) > 0 {
		t.Fatal(said(d))
	}
	if s := text(t, got["tfvars"]); s != "name = \"shop\"\n" {
		t.Errorf("tfvars: %s", s)
	}
	files := fields(t, got["files"])
	code := text(t, files["logs.tf"])
	for _, want := range []string{`[var.name, "one", "two", "r-7", "1", "2", "256-3"]`, `{ a = "b", count = "2", level = "error", team = "web" }`, "retention_in_days = 14"} {
		if !strings.Contains(code, want) {
			t.Errorf("logs.tf holds no %s:\n%s", want, code)
		}
	}
	if text(t, got["manifest"]) != text(t, files[".bpgen/manifest.json"]) || !strings.Contains(text(t, got["manifest"]), `"blueprint": "kinds"`) {
		t.Errorf("manifest: %s", text(t, got["manifest"]))
	}
	if d := text(t, got["diagram"]); !strings.Contains(d, "logs") {
		t.Errorf("diagram: %s", d)
	}
	name := fields(t, fields(t, got["variables"])["name"])
	var required bool
	if err := name["required"].As(&required); err != nil || !required || text(t, name["type"]) != "string" || text(t, name["default"]) != "(null)" {
		t.Errorf("variable name: %s", name)
	}

	without, d := s.read(t, "bpgen_kinds", map[string]tftypes.Value{"team": str("web")})
	if len(d) > 0 || text(t, without["tfvars"]) != "(null)" || !strings.Contains(text(t, fields(t, without["files"])["logs.tf"]), "retention_in_days = 30") {
		t.Errorf("got %s %s", said(d), without)
	}
	dev, d := s.read(t, "bpgen_kinds", map[string]tftypes.Value{"team": str("web"), "profile": str("dev")})
	if len(d) > 0 || !strings.Contains(text(t, fields(t, dev["files"])["logs.tf"]), "retention_in_days = 1\n") {
		t.Errorf("got %s %s", said(d), dev)
	}
}

// TestReadCatalogue holds the list and the details.
func TestReadCatalogue(t *testing.T) {
	t.Parallel()
	s := start(t, own)
	s.configure(t, nil)
	list, d := s.read(t, "bpgen_blueprints", nil)
	if len(d) > 0 {
		t.Fatal(said(d))
	}
	items := fields(t, list["blueprints"])
	cat, _ := catalog.New(builtIn())
	want := slices.Sorted(slices.Values(append(cat.Blueprints(), "broken-later", "broken-start", "kinds")))
	if names := slices.Sorted(maps.Keys(items)); !slices.Equal(names, want) {
		t.Errorf("got %q", names)
	}
	for name, usable := range map[string]bool{"kinds": true, "broken-start": false, "broken-later": false} {
		item := fields(t, items[name])
		var got bool
		if err := item["usable"].As(&got); err != nil || got != usable {
			t.Errorf("%s: %s", name, item)
		}
	}
	if item := fields(t, items["kinds"]); text(t, item["version"]) != "2.1.0" || text(t, item["data_source"]) != "bpgen_kinds" {
		t.Errorf("got %s", item)
	}

	one, d := s.read(t, "bpgen_blueprint", map[string]tftypes.Value{"name": str("kinds")})
	if len(d) > 0 || !one["files"].IsNull() || !one["variables"].IsNull() {
		t.Fatalf("%s %s", said(d), one)
	}
	offered := fields(t, one["offered"])
	if o := fields(t, offered["limits"]); text(t, o["type"]) != "object({alarm=object({high=number,low=number}),cpu=number})" || text(t, o["default"]) != "null" {
		t.Errorf("limits: %s", o)
	}
	if o := fields(t, offered["team"]); text(t, o["default"]) != "(null)" {
		t.Errorf("team: %s", o)
	}
	if p := fields(t, fields(t, one["profiles"])["dev"]); text(t, fields(t, p["options"])["days"]) != "1" {
		t.Errorf("dev: %s", p)
	}
	if c := fields(t, fields(t, one["components"])["logs"]); text(t, c["template"]) != "log-group" || text(t, c["file"]) != "logs.tf" || text(t, c["when"]) != "(null)" {
		t.Errorf("logs: %s", c)
	}
	made, d := s.read(t, "bpgen_blueprint", map[string]tftypes.Value{"name": str("kinds"), "options": obj(map[string]tftypes.Value{"team": str("web"), "any-thing": strs("x")})})
	if len(d) > 0 || len(fields(t, made["files"])) == 0 {
		t.Fatalf("%s %s", said(d), made)
	}
	typed, _ := s.read(t, "bpgen_kinds", map[string]tftypes.Value{"team": str("web"), "any_thing": strs("x")})
	if !made["files"].Equal(typed["files"]) {
		t.Error("the two data sources differ")
	}
	_, d = s.read(t, "bpgen_blueprint", map[string]tftypes.Value{"name": str("kind")})
	if got := said(d); got != `error name: Unknown blueprint: There is no blueprint of that name. Did you mean "kinds"?` {
		t.Errorf("got %s", got)
	}
}

// TestBrokenBlueprint holds that one that does not parse says so where it is
// used, with file and line, and is no more than a warning elsewhere.
func TestBrokenBlueprint(t *testing.T) {
	t.Parallel()
	s := start(t, own)
	warned := said(s.configure(t, nil))
	for _, want := range []string{
		`warning: Blueprint cannot be used: The blueprint "broken-start" has errors and cannot be rendered; the others can.`,
		"on testdata/platform/blueprints/broken-start/blueprint.hcl line 8", "8:   default = = 7",
		`warning: Blueprint cannot be used: The blueprint "broken-later" has errors`,
		"on testdata/platform/blueprints/broken-later/blueprint.hcl line 8",
	} {
		if !strings.Contains(warned, want) {
			t.Errorf("nothing says %q:\n%s", want, warned)
		}
	}
	if strings.Contains(warned, "error") && strings.Contains(warned, "error:") {
		t.Errorf("an error: %s", warned)
	}
	for _, typ := range []string{"bpgen_broken_start", "bpgen_broken_later"} {
		got := said(s.validate(t, typ, map[string]tftypes.Value{"days": num(3)}))
		if !strings.HasPrefix(got, "error: ") || !strings.Contains(got, "blueprint.hcl line 8") {
			t.Errorf("%s: got %s", typ, got)
		}
	}
	got := said(s.validate(t, "bpgen_blueprint", map[string]tftypes.Value{"name": str("broken-start"), "options": obj(nil)}))
	if !strings.HasPrefix(got, "error name: Invalid expression") {
		t.Errorf("got %s", got)
	}
	if files, d := s.read(t, "bpgen_kinds", map[string]tftypes.Value{"team": str("web")}); len(d) > 0 || len(fields(t, files["files"])) == 0 {
		t.Errorf("the others: %s", said(d))
	}
}

// TestConfigure holds what the provider block may say.
func TestConfigure(t *testing.T) {
	t.Parallel()
	dirs := func(s ...string) map[string]tftypes.Value {
		return map[string]tftypes.Value{"blueprint_dirs": strs(s...)}
	}
	tests := map[string]struct {
		path  string
		given map[string]tftypes.Value
		want  string
	}{
		"nothing":           {},
		"a directory":       {given: dirs(sound(t))},
		"in both":           {path: own + "/../platform", given: dirs(own), want: "warning: Blueprint cannot be used"},
		"no such directory": {given: dirs("no/such", "nor/this"), want: "error: Blueprint directory cannot be used: there is no blueprint directory \"no/such\"; create one with bpgen blueprint init no/such (from blueprint_dirs).\nerror: Blueprint directory cannot be used: there is no blueprint directory \"nor/this\""},
		"of BPGEN_PATH":     {path: "no/such", want: "error: Blueprint directory cannot be used: there is no blueprint directory \"no/such\"; create one with bpgen blueprint init no/such (from BPGEN_PATH)."},
		"twice":             {path: sound(t), given: dirs(sound(t)), want: "error: Duplicate name: There are two blueprints called \"kinds\""},
		"unknown":           {given: map[string]tftypes.Value{"strict": later(tftypes.Bool)}, want: "error strict: Unknown during planning"},
		"unknown in a list": {given: map[string]tftypes.Value{"blueprint_dirs": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{later(tftypes.String)})}, want: "error blueprint_dirs: Unknown during planning"},
		"unknown paths":     {given: map[string]tftypes.Value{"allowed_paths": later(tftypes.List{ElementType: tftypes.String})}, want: "error allowed_paths: Unknown during planning"},
		"paths":             {given: map[string]tftypes.Value{"allowed_paths": strs(t.TempDir())}},
		"no such path yet":  {given: map[string]tftypes.Value{"allowed_paths": strs("/no/such")}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := said(start(t, tt.path).configure(t, tt.given))
			if tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestUnknownConfigurationIsDeferred holds that a Terraform that can wait is told
// to.
func TestUnknownConfigurationIsDeferred(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	config := block(t, s.schema.Provider, map[string]tftypes.Value{"strict": later(tftypes.Bool)})
	resp, err := s.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config, ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: true}})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, said(resp.Diagnostics))
	}
	read, err := s.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: "bpgen_ecs_fargate", Config: block(t, s.schema.DataSourceSchemas["bpgen_ecs_fargate"], nil),
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: true},
	})
	if err != nil || read.Deferred == nil || read.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
		t.Errorf("got %v, %v", read, err)
	}
}

// TestBlueprintDirs holds what a folder of the provider block alone has: no data
// source of its own, which is said with what to do, but all the rest.
func TestBlueprintDirs(t *testing.T) {
	t.Parallel()
	dir := sound(t)
	s := start(t, "")
	given := map[string]tftypes.Value{"blueprint_dirs": strs(dir)}
	resp, err := s.server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: block(t, s.schema.Provider, given)})
	if err != nil {
		t.Fatal(err)
	}
	if got := said(resp.Diagnostics); !strings.HasPrefix(got, `warning blueprint_dirs: Blueprints without data sources of their own: "kinds" can be rendered by`) || !strings.HasSuffix(got, "BPGEN_PATH="+dir+".") {
		t.Errorf("got %s", got)
	}
	if d := s.configure(t, given); len(d) > 0 {
		t.Fatal(said(d))
	}
	one, d := s.read(t, "bpgen_blueprint", map[string]tftypes.Value{"name": str("kinds"), "options": obj(map[string]tftypes.Value{"team": str("web")})})
	if len(d) > 0 || len(fields(t, one["files"])) == 0 {
		t.Errorf("got %s", said(d))
	}
	list, _ := s.read(t, "bpgen_blueprints", nil)
	if item := fields(t, fields(t, list["blueprints"])["kinds"]); text(t, item["data_source"]) != "(null)" {
		t.Errorf("got %s", item)
	}
	// With the folder in the environment nothing is missing.
	known := start(t, dir)
	resp, err = known.server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: block(t, known.schema.Provider, given)})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Errorf("got %s, %v", said(resp.Diagnostics), err)
	}
}

// TestStrict holds that a warning about a module is an error when it should be.
func TestStrict(t *testing.T) {
	t.Parallel()
	given := map[string]tftypes.Value{"team": str("web"), "insights": yes(false)}
	s := start(t, sound(t))
	s.configure(t, nil)
	got, d := s.read(t, "bpgen_kinds", given)
	if said := said(d); got == nil || !strings.HasPrefix(said, "warning: Cluster without Container Insights") || !strings.Contains(said, "on logs.tf line 15") {
		t.Errorf("got %s", said)
	}
	s.configure(t, map[string]tftypes.Value{"strict": yes(true)})
	_, d = s.read(t, "bpgen_kinds", given)
	if said := said(d); !strings.HasPrefix(said, "error: Cluster without Container Insights") || !strings.Contains(said, "The provider is strict") {
		t.Errorf("got %s", said)
	}
}

// TestReadsAtOnce holds that reads which Terraform makes at the same time, of one
// cache, return what they return alone.
func TestReadsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	s.configure(t, nil)
	given := func(i int) map[string]tftypes.Value {
		return map[string]tftypes.Value{"cdn": yes(i%2 == 0), "alarms": yes(i%3 == 0), "zones": num(float64(2 + i%2)), "name": str(fmt.Sprint("web", i))}
	}
	const many = 12
	results := make([]map[string]tftypes.Value, many)
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() { results[i], _ = s.read(t, "bpgen_ecs_fargate", given(i)) })
	}
	wg.Wait()
	for i, got := range results {
		alone := start(t, "")
		alone.configure(t, nil)
		want, d := alone.read(t, "bpgen_ecs_fargate", given(i))
		if len(d) > 0 {
			t.Fatal(said(d))
		}
		for name := range want {
			if !got[name].Equal(want[name]) {
				t.Errorf("%d: %s differs", i, name)
			}
		}
	}
}
