package survey_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/survey"
)

const notes = `- id: "a.retention"
  kind: "default"
  strength: "should"
  statement: "Logs are kept for a week."
  value: 7
  terraform: ["aws_cloudwatch_log_group.retention_in_days"]
- id: "a.key"
  kind: "rule"
  strength: "must"
  terraform: ["aws_kms_key.enable_key_rotation"]
- id: "a.talk"
  kind: "runbook"
  strength: "should"
- id: "a.other"
  kind: "option"
  strength: "info"
`

const blueprint = `blueprint "b" {
  version = "1.0.0"
  summary = "B."
  systems = ["a"]
}

option "key" {
  type        = bool
  default     = true
  why         = "w"
  description = "A key."
}

component "t" {
  template = "t"
  with     = { key = option.key }
}
`

const code = `# notes: a.retention, a.key, a.talk, a.other
resource "aws_cloudwatch_log_group" "this" {
  name              = "x"
  retention_in_days = var.days
}

resource "aws_kms_key" "this" {
  count = var.key ? 1 : 0

  enable_key_rotation = true
}
`

const variables = `variable "days" {
  type        = number
  default     = 7 # why: w
  description = "Days."
}

variable "key" {
  type        = bool
  description = "Key."
}
`

const proofs = `proof "a.key" {
  every "aws_kms_key" {
    enable_key_rotation = true
  }
}

proof "a.talk" {
  human "runbooks/t-talk.md" {
    heading = "Talk"
    says    = "Ask"
  }
}
`

// other is the proof of an entry that needs none.
const other = `
proof "a.other" {
  every "aws_cloudwatch_log_group" {
    name = "x"
  }
}
`

func files() map[string]string {
	return map[string]string{
		"blueprints/notes/a.yaml":      notes,
		"blueprints/proofs/a.hcl":      proofs,
		"blueprints/b/blueprint.hcl":   blueprint,
		"templates/t/main.tf":          code,
		"templates/t/variables.tf":     variables,
		"templates/t/versions.tf":      "terraform {\n  required_version = \">= 1.11\"\n\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \">= 5.100\"\n    }\n  }\n}\n",
		"templates/t/runbooks/talk.md": "# Talk\n\nAsk them.\n",
	}
}

// take surveys the files, some of them changed.
func take(t *testing.T, changed map[string]string) (survey.Report, string) {
	t.Helper()
	blueprints, templates := fstest.MapFS{}, fstest.MapFS{}
	all := files()
	for name, text := range changed {
		all[name] = text
	}
	for name, text := range all {
		if rest, ok := strings.CutPrefix(name, "templates/"); ok {
			templates[rest] = &fstest.MapFile{Data: []byte(text)}
		} else {
			blueprints[strings.TrimPrefix(name, "blueprints/")] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints, Templates: templates})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	r, diags := survey.Take(t.Context(), survey.Input{Catalog: cat})
	var out []string
	for _, d := range diags {
		place := ""
		if d.Subject != nil {
			place = d.Subject.String() + ": "
		}
		out = append(out, place+d.Summary+": "+d.Detail)
	}
	return r, strings.Join(out, "\n")
}

// told says how an entry is honoured and why.
func told(r survey.Report, id string) string {
	for _, e := range r.Entries {
		if e.ID == id {
			return e.Way.String() + ": " + e.Reason
		}
	}
	return "not looked at"
}

// TestWays holds in which way an entry counts.
func TestWays(t *testing.T) {
	t.Parallel()
	edit := func(name, from, to string) map[string]string {
		text := files()[name]
		if !strings.Contains(text, from) {
			t.Fatalf("%s does not hold %q", name, from)
		}
		return map[string]string{name: strings.Replace(text, from, to, 1)}
	}
	deviation := "\ndeviation \"d\" {\n  notes    = [\"a.retention\"]\n  rendered = \"R.\"\n  reason   = \"Because.\"\n  restore  = \"S.\"\n}\n"
	for name, c := range map[string]struct {
		changed map[string]string
		id      string
		want    string
	}{
		"derived":            {nil, "a.retention", "rendered: "},
		"written":            {nil, "a.key", "rendered: "},
		"runbook":            {nil, "a.talk", "by hand: "},
		"needs no proof":     {nil, "a.other", "not looked at"},
		"has one":            {map[string]string{"blueprints/proofs/a.hcl": proofs + other}, "a.other", "rendered: "},
		"has one that fails": {map[string]string{"blueprints/proofs/a.hcl": proofs + strings.Replace(other, "\"x\"", "\"y\"", 1)}, "a.other", "missing: aws_cloudwatch_log_group.t (t.tf:2): name is \"x\", wanted \"y\""},
		"another default":    {edit("templates/t/variables.tf", "= 7 #", "= 8 #"), "a.retention", "missing: aws_cloudwatch_log_group.t (t.tf:2): retention_in_days is 8, wanted 7"},
		"turned over":        {edit("templates/t/main.tf", "rotation = true", "rotation = false"), "a.key", "missing: aws_kms_key.t (t.tf:7): enable_key_rotation is false, wanted true"},
		"an option":          {edit("blueprints/b/blueprint.hcl", "= true", "= false"), "a.key", "missing: there is no aws_kms_key; with key=true it holds, so the proof may name these options"},
		"named options":      {map[string]string{"blueprints/b/blueprint.hcl": strings.Replace(blueprint, "= true", "= false", 1), "blueprints/proofs/a.hcl": strings.Replace(proofs, "  every", "  options = { key = true }\n\n  every", 1)}, "a.key", "offered: "},
		"other options":      {map[string]string{"blueprints/proofs/a.hcl": strings.Replace(proofs, "  every", "  options = { key = false }\n\n  every", 1)}, "a.key", "missing: there is no aws_kms_key"},
		"a deviation":        {edit("blueprints/b/blueprint.hcl", "\ncomponent", deviation+"\ncomponent"), "a.retention", "departed: d: Because."},
		"waived":             {map[string]string{"blueprints/proofs/a.hcl": "waive \"a.key\" {\n  reason = \"No keys.\"\n}\n"}, "a.key", "waived: No keys."},
		"cited alone":        {map[string]string{"blueprints/proofs/a.hcl": ""}, "a.key", "missing: no proof"},
		"a silent runbook":   {map[string]string{"templates/t/runbooks/talk.md": "# Talk\n\nSee the notes.\n\n<!-- notes: a.talk -->\n"}, "a.talk", "missing: runbooks/t-talk.md, \"Talk\" does not say Ask"},
		"a duty":             {map[string]string{"blueprints/proofs/a.hcl": "proof \"a.key\" {\n  duty = \"Nobody else.\"\n\n  human \"runbooks/t-talk.md\" {\n    heading = \"Talk\"\n    says    = \"Ask\"\n  }\n}\n"}, "a.key", "by hand: Nobody else."},
		"people for a rule":  {map[string]string{"blueprints/proofs/a.hcl": strings.Replace(strings.Replace(proofs, "a.key", "a.gone", 1), "a.talk", "a.key", 1)}, "a.key", "missing: a runbook says so, which counts only for runbooks, facts and what the proof calls a duty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.changed["blueprints/proofs/a.hcl"] != "" {
				c.changed["blueprints/proofs/a.hcl"] = strings.Replace(c.changed["blueprints/proofs/a.hcl"], "proof \"a.gone\" {\n  every \"aws_kms_key\" {\n    enable_key_rotation = true\n  }\n}\n", "", 1)
			}
			r, diags := take(t, c.changed)
			if diags != "" {
				t.Error(diags)
			}
			if got := told(r, c.id); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if missing := strings.HasPrefix(c.want, "missing"); missing == r.Holds() && c.id != "a.other" && name != "waived" && name != "a deviation" && name != "a duty" {
				t.Errorf("holds: %v: %+v", r.Holds(), r.Contract())
			}
		})
	}
}

// TestFaults holds what is said of proofs that fit no entry.
func TestFaults(t *testing.T) {
	t.Parallel()
	one := "proof \"a.key\" {\n  every \"aws_kms_key\" {\n    enable_key_rotation = true\n  }\n}\n"
	for name, c := range map[string]struct {
		changed map[string]string
		want    string
	}{
		"unknown id":     {map[string]string{"blueprints/proofs/a.hcl": strings.Replace(one, "a.key", "a.kay", 1)}, "blueprints/proofs/a.hcl:1,1-14: Unknown entry of the notes: The notes have no entry \"a.kay\". Did you mean \"a.key\"?"},
		"twice":          {map[string]string{"blueprints/proofs/a.hcl": one + one}, "blueprints/proofs/a.hcl:6,1-14: Duplicate proof: The entry \"a.key\" already has a proof or a waiver at blueprints/proofs/a.hcl:1."},
		"unknown system": {map[string]string{"blueprints/proofs/b.hcl": one}, "blueprints/proofs/b.hcl:1,1-1: Proofs of an unknown system"},
		"wrong file":     {map[string]string{"blueprints/notes/c.yaml": strings.ReplaceAll(notes, "a.", "c."), "blueprints/proofs/c.hcl": one, "blueprints/proofs/a.hcl": ""}, "blueprints/proofs/c.hcl:1,1-14: Proof in the wrong file"},
		"unreachable":    {map[string]string{"blueprints/proofs/a.hcl": "proof \"a.key\" {\n  some \"aws_vpc\" {\n  }\n}\n"}, "blueprints/proofs/a.hcl:2,3-17: Proof that no option set can reach: No set of options renders resource \"aws_vpc\""},
		"ledger twice":   {map[string]string{"blueprints/notes/a.yaml": notes + "- id: \"a.key\"\n  kind: \"rule\"\n  strength: \"must\"\n"}, "blueprints/notes/a.yaml:17,1-14: Misplaced entry of the notes: The entry \"a.key\" is already defined on line 7."},
		"ledger other":   {map[string]string{"blueprints/notes/a.yaml": notes + "- id: \"z.key\"\n  kind: \"rule\"\n  strength: \"must\"\n"}, "blueprints/notes/a.yaml:17,1-14: Misplaced entry of the notes: The entry \"z.key\" belongs to a system without a file, \"z\"."},
		"refused":        {map[string]string{"blueprints/proofs/a.hcl": "proof \"a.key\" {\n  options = { key = 7 }\n\n  some \"aws_kms_key\" {\n  }\n}\n"}, "blueprints/proofs/a.hcl:1,1-14: Proof that no option set can reach: The options of the proof of \"a.key\" cannot be chosen"},
		"no option":      {map[string]string{"blueprints/proofs/a.hcl": "proof \"a.key\" {\n  options = { kay = true }\n\n  some \"aws_kms_key\" {\n  }\n}\n"}, "has no option \"kay\""},
		"no system":      {map[string]string{"blueprints/b/blueprint.hcl": strings.Replace(blueprint, "[\"a\"]", "[\"a\", \"z\"]", 1)}, "Unknown system of the notes"},
		"no rule":        {map[string]string{"blueprints/proofs/a.hcl": "proof \"a.key\" {\n  rule \"deletion-protector\" {\n    turn \"aws_kms_key\" {\n      enable_key_rotation = false\n    }\n  }\n}\n"}, "blueprints/proofs/a.hcl:2,3-28: Unknown rule: bpgen vet has no rule \"deletion-protector\" for the notes. Did you mean \"deletion-protection\"?"},
		"another rule":   {map[string]string{"blueprints/proofs/a.hcl": "proof \"a.key\" {\n  rule \"deletion-protection\" {\n    turn \"aws_kms_key\" {\n      enable_key_rotation = false\n    }\n  }\n}\n"}, "blueprints/proofs/a.hcl:2,3-29: Rule that does not enforce the entry: The rule \"deletion-protection\" does not enforce \"a.key\", so it proves nothing about it. It enforces \"aurora.deletion-protection\"."},
		"path":           {map[string]string{"blueprints/proofs/a.hcl": strings.Replace(one, "rotation", "rotator", 1)}, "blueprints/proofs/a.hcl:3,5-23: Unknown path"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, diags := take(t, c.changed); !strings.Contains(diags, c.want) {
				t.Errorf("got %s\nwant %s", diags, c.want)
			}
		})
	}
}

// TestCommentProvesNothing holds that a blueprint that cites everything in one
// comment, and renders nothing of it, breaks the contract.
func TestCommentProvesNothing(t *testing.T) {
	t.Parallel()
	r, _ := take(t, map[string]string{
		"templates/t/main.tf":          "# notes: a.retention, a.key, a.talk, a.other\nresource \"aws_ssm_parameter\" \"this\" {\n  name  = \"/x\"\n  type  = \"SecureString\"\n  value = \"${var.days}-${var.key}\"\n}\n",
		"templates/t/runbooks/talk.md": "# Talk\n\nSee the notes.\n\n<!-- notes: a.retention, a.key, a.talk -->\n",
	})
	if r.Holds() {
		t.Errorf("a comment holds the contract: %+v", r.Contract())
	}
	if c := r.Count(""); c.By[survey.Missing] != 3 || c.Total != 3 {
		t.Errorf("%+v", c)
	}
}

// TestScope holds that entries about what is rendered count, also of systems that the
// blueprint does not name, and that the others of these are listed with the reason.
func TestScope(t *testing.T) {
	t.Parallel()
	changed := map[string]string{
		"blueprints/notes/c.yaml":    "- id: \"c.region\"\n  kind: \"rule\"\n  strength: \"must\"\n  terraform: [\"data.aws_region.name\"]\n- id: \"c.vpc\"\n  kind: \"rule\"\n  strength: \"must\"\n  terraform: [\"aws_vpc.cidr_block\", \"aws_region.name\"]\n- id: \"c.silent\"\n  kind: \"rule\"\n  strength: \"must\"\n- id: \"c.info\"\n  kind: \"option\"\n  strength: \"info\"\n",
		"blueprints/notes/e.yaml":    strings.ReplaceAll(notes, "\"a.", "\"e."), // about the same types as a
		"blueprints/notes/d.yaml":    "- id: \"d.vpc\"\n  kind: \"rule\"\n  strength: \"must\"\n  terraform: [\"aws_vpc.cidr_block\"]\n",
		"templates/t/data.tf":        "data \"aws_region\" \"current\" {\n}\n\noutput \"region\" {\n  value       = data.aws_region.current.id\n  description = \"Region.\"\n}\n",
		"blueprints/b/blueprint.hcl": blueprint + "\noutput \"region\" {\n  value       = component.t.region\n  description = \"Region.\"\n}\n",
	}
	r, diags := take(t, changed)
	if diags != "" || !slices.Equal(r.Joined, []string{"c"}) || !slices.Equal(r.Systems, []string{"a", "c"}) {
		t.Errorf("%v, %v, %s", r.Joined, r.Systems, diags)
	}
	if got := told(r, "c.region"); got != "missing: no proof, and no blueprint declares the system \"c\"" || r.Holds() {
		t.Errorf("%s: the contract holds: %v", got, r.Holds())
	}
	out := map[string]string{}
	for _, o := range r.Outside {
		out[o.ID] = o.Reason
	}
	if want := map[string]string{"c.vpc": "no option renders aws_vpc", "c.silent": "it is not about anything that only this system describes"}; !maps.Equal(out, want) {
		t.Errorf("out of scope: %v, want %v", out, want)
	}
	changed["blueprints/proofs/c.hcl"] = "proof \"c.region\" {\n  some \"data\" \"aws_region\" {\n  }\n}\n"
	if r, diags = take(t, changed); told(r, "c.region") != "rendered: " || !r.Holds() {
		t.Errorf("%s, %s: %+v", told(r, "c.region"), diags, r.Contract())
	}
}

// TestRoots holds that the proofs of one root are not about the blueprints of another.
func TestRoots(t *testing.T) {
	t.Parallel()
	root := func(name, blueprint, template string, with ...string) catalog.Root {
		blueprints, templates := fstest.MapFS{}, fstest.MapFS{}
		for file, text := range files() {
			dir, rest, _ := strings.Cut(strings.NewReplacer("/b/", "/"+blueprint+"/", "/t/", "/"+template+"/").Replace(file), "/")
			text = strings.NewReplacer("\"b\"", "\""+blueprint+"\"", "\"t\"", "\""+template+"\"").Replace(text)
			if dir == "templates" {
				templates[rest] = &fstest.MapFile{Data: []byte(text)}
			} else if top, _, _ := strings.Cut(rest, "/"); slices.Contains(with, top) {
				blueprints[rest] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		return catalog.Root{Name: name, Blueprints: blueprints, Templates: templates}
	}
	cat, diags := catalog.New(root("", "b", "t", "b", "notes", "proofs"), root("own", "c", "u", "c"))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for blueprint, want := range map[string]string{"b": "rendered: ", "c": "missing: no proof"} {
		r, diags := survey.Take(t.Context(), survey.Input{Catalog: cat, Blueprints: []string{blueprint}})
		if got := told(r, "a.key"); got != want || len(diags) > 0 {
			t.Errorf("%s: got %q, want %q: %v", blueprint, got, want, diags)
		}
	}
}
