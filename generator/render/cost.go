package render

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cost"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/home"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// costs adds what the module costs by default and with each profile. In the
// nested layout the code does not say which resources there are.
func (r *renderer) costs(d *document) {
	if r.Module.Layout != link.Nested {
		d.Write(r.costSection())
	}
}

// A column is a set of values with what the module costs with them.
type column struct {
	name     string
	estimate cost.Estimate
}

func (r *renderer) costSection() []byte {
	region := resolve.HomeOf(r.Choices).Nearest(func(r home.Region) bool { return slices.Contains(cost.Regions(), r.Code) })
	columns := r.columns(region)
	var items, unpriced, use []string
	for _, c := range columns {
		for _, i := range c.estimate.Items {
			items = appendNew(items, i.Name)
		}
		for _, u := range c.estimate.Unpriced {
			unpriced = appendNew(unpriced, u)
		}
		for _, u := range c.estimate.ByUse {
			use = appendNew(use, u)
		}
	}
	d := &document{}
	if len(items)+len(unpriced) == 0 {
		return nil
	}
	d.paragraph("## What it costs")
	d.paragraph("An estimate in US dollars for a month of ", fmt.Sprint(cost.HoursOfMonth), " hours in ", code(region), ", without tax, at the on-demand prices of ", cost.Date(), ". Check it with the [AWS Pricing Calculator](https://calculator.aws).")
	if region != r.region() {
		d.paragraph("There are no prices for ", code(r.region()), " here; ", code(region), " is the nearest region with prices.")
	}
	d.table(head(columns), costRows(columns, items, unpriced))
	if len(use) > 0 {
		d.paragraph("Traffic, logs and requests are extra. Billed by usage: ", text(strings.Join(use, ", ")), ".")
	}
	return d.Bytes()
}

// columns estimates the module with its defaults and with each profile.
func (r *renderer) columns(region string) []column {
	var files []*hcl.File
	parse := r.Parse
	if parse == nil {
		parse = guard.Parse
	}
	for _, f := range r.Module.Files {
		// Vet says what is wrong with a file that does not parse.
		parsed, diags := parse(f.Body, f.Name)
		if !diags.HasErrors() {
			files = append(files, parsed)
		}
	}
	c := cost.New(files, &r.Cache.costs)
	out := []column{{"default", c.Estimate(r.valuesOf(nil), region)}}
	for _, p := range r.Blueprint.Profiles {
		out = append(out, column{p.Name, c.Estimate(r.valuesOf(p.Values), region)})
	}
	return out
}

// valuesOf returns the values of the module's variables: those of a profile, or
// else their defaults, where there is none those of the example.
func (r *renderer) valuesOf(profile []blueprint.ProfileValue) map[string]cty.Value {
	var example []blueprint.ProfileValue
	if r.Blueprint.Example != nil {
		example = r.Blueprint.Example.Values
	}
	first, last := byName(profile), byName(example)
	out := map[string]cty.Value{}
	for _, v := range r.Module.Variables {
		value := v.Value
		g, ok := first[v.Name]
		if !ok && value == cty.NilVal {
			g, ok = last[v.Name]
		}
		if ok {
			value = r.valueOf(g, value)
		}
		if value != cty.NilVal {
			out[v.Name] = value
		}
	}
	return out
}

func byName(values []blueprint.ProfileValue) map[string]blueprint.ProfileValue {
	out := make(map[string]blueprint.ProfileValue, len(values))
	for _, v := range values {
		out[v.Name] = v
	}
	return out
}

// valueOf returns what a variable is given, in the type of its default, which it
// keeps when that cannot be evaluated.
func (r *renderer) valueOf(g blueprint.ProfileValue, value cty.Value) cty.Value {
	own, diags := r.evaluate(g.Expr)
	if diags.HasErrors() {
		return value // values says so
	}
	if value != cty.NilVal {
		if converted, err := convert.Convert(own, value.Type()); err == nil {
			return converted
		}
	}
	return own
}

func head(columns []column) []string {
	out := []string{"USD per month"}
	for _, c := range columns {
		out = append(out, text(c.name))
	}
	return out
}

// costRows returns one row for each item, one for what has no price, and the sum.
func costRows(columns []column, items, unpriced []string) [][]string {
	var rows [][]string
	for _, name := range items {
		row := []string{text(name)}
		for _, c := range columns {
			cell := "—"
			for _, i := range c.estimate.Items {
				if i.Name == name {
					cell = dollars(i.Dollars) + " (" + text(i.What) + ")"
				}
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	for _, name := range unpriced {
		row := []string{"Not priced: " + text(name)}
		for _, c := range columns {
			cell := "—"
			if slices.Contains(c.estimate.Unpriced, name) {
				cell = "?"
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	sum := []string{"**Sum**"}
	for _, c := range columns {
		sum = append(sum, "**"+dollars(c.estimate.Total())+"**")
	}
	return append(rows, sum)
}

// dollars writes an amount as precisely as an estimate is.
func dollars(amount float64) string {
	if amount < 10 && amount != math.Trunc(amount) {
		return fmt.Sprintf("%.1f", amount)
	}
	return fmt.Sprintf("%.0f", amount)
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
