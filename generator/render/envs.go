package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/crash"
)

// envs adds one file of values per profile.
func (r *renderer) envs() {
	profiles := r.Blueprint.Profiles
	subs, contents := make([]renderer, len(profiles)), make([][]byte, len(profiles))
	var wg crash.Group
	for i, p := range profiles {
		wg.Go(func() {
			sub := &subs[i]
			sub.Input, sub.evaluator, sub.example = r.Input, r.evaluator, r.example
			contents[i] = sub.env(p)
		})
	}
	wg.Wait()
	for i, p := range profiles {
		r.diags = append(r.diags, r.exposed(p.Values, fmt.Sprintf("the profile %q", p.Name), false)...)
		r.diags = append(r.diags, subs[i].diags...)
		r.config(envPath(p), contents[i])
	}
}

func envPath(p *blueprint.Profile) string { return "envs/" + p.Name + ".tfvars" }

// env returns the values of a profile that the module takes, under a header
// that says how to use them. A profile without any still has its file: a
// pipeline that names it must not break when an option drops the last value.
func (r *renderer) env(p *blueprint.Profile) []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body()
	header := "The values of " + p.Name + "."
	if p.Description != "" {
		header = p.Name + ": " + oneLine(p.Description)
	}
	appendComment(body, header)
	if r.needsAliases() {
		appendComment(body, "Set them in the module block of your root module, which passes the providers; see README.md.")
	} else {
		appendComment(body, "Use: "+r.program()+" plan -var-file="+envPath(p))
	}
	values := r.values(p.Values, r.cited(p.Name))
	var needed []string
	for _, v := range r.Module.Variables {
		if v.Required && !slices.ContainsFunc(values, func(given value) bool { return given.name == v.Name }) {
			needed = append(needed, v.Name)
		}
	}
	if len(needed) > 0 {
		appendComment(body, "Also needed: "+strings.Join(needed, ", ")+".")
	}
	if len(values) > 0 {
		body.AppendNewline()
	}
	for _, v := range values {
		setAttribute(body, v.name, v.expr, v.comment)
	}
	return r.printed(file)
}
