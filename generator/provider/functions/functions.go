// Package functions holds the provider's functions: render, cidr_plan, cite and
// vet.
//
// It takes the workspace of the environment, for Terraform calls functions
// without the provider's configuration, and returns functions whose errors name
// the argument. Each hands its arguments to the package that does the work. They
// write nothing.
package functions

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	tf "github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/provider/options"
	"github.com/bpgen/bpgen/generator/provider/workspace"
	"github.com/bpgen/bpgen/generator/resolve"
)

// All returns the functions.
func All(w *workspace.Workspace) []func() function.Function {
	return []func() function.Function{
		func() function.Function { return &render{w} },
		func() function.Function { return &cidrPlan{w} },
		func() function.Function { return &citation{w} },
		func() function.Function { return &vetting{} },
	}
}

// settings is the last parameter of a function, an object that may be left out.
// It may not be null, and neither may options: OpenTofu takes a null of no type
// for a value that is not known yet, and waits for it for ever.
func settings(text string) function.Parameter {
	return function.DynamicParameter{Name: "settings", AllowUnknownValues: true, MarkdownDescription: text}
}

// one returns the only value of a variadic parameter, or null.
func one(values []types.Dynamic, position int64) (types.Dynamic, *function.FuncError) {
	switch len(values) {
	case 0:
		return types.DynamicNull(), nil
	case 1:
		return values[0], nil
	}
	return types.DynamicNull(), function.NewArgumentFuncError(position+1, "Too many arguments: pass all settings in one object.")
}

// read reads an object of options at an argument.
func read(ctx context.Context, value attr.Value, position int64) (options.Given, *function.FuncError) {
	given, diags := options.Read(ctx, value, path.Root("argument"))
	return given, refuse(diags, position)
}

// refuse returns the error for diagnostics about an argument.
func refuse(diags tf.Diagnostics, position int64) *function.FuncError {
	var err *function.FuncError
	for _, d := range diags.Errors() {
		err = function.ConcatFuncErrors(err, function.NewArgumentFuncError(position, d.Summary()+": "+d.Detail()))
	}
	return err
}

// divide returns the errors among diagnostics: about a profile at the argument
// settings, about inputs at the argument inputs, the others at the argument others.
// An error of a function has one position: the first of these that is surely wrong.
func divide(diags hcl.Diagnostics, sources map[string]*hcl.File, places diagnostics.Places, settings, inputs, others int64) *function.FuncError {
	position := others
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		if _, ok := d.Extra.(resolve.ProfileFault); ok {
			position = settings
			break
		}
		if d.Subject != nil {
			if _, ok := places[*d.Subject]; ok {
				position = inputs
			}
		}
	}
	return diagnostics.Function(diags, sources, position)
}

// texts reads an object whose attributes are strings from a fixed list.
func texts(given options.Given, position int64, names ...string) (map[string]string, *function.FuncError) {
	out := map[string]string{}
	var err *function.FuncError
	for _, in := range given.Inputs {
		switch {
		case !slices.Contains(names, in.Name):
			err = function.ConcatFuncErrors(err, function.NewArgumentFuncError(position, fmt.Sprintf("There is no setting %q; the settings are %q.", in.Name, names)))
		case in.Value.Type().FriendlyName() != "string":
			err = function.ConcatFuncErrors(err, function.NewArgumentFuncError(position, fmt.Sprintf("The setting %q must be a string.", in.Name)))
		default:
			out[in.Name] = in.Value.AsString()
		}
	}
	return out, err
}
