// Command gen writes the schemas and functions of the provider to standard
// output in the form of `terraform providers schema -json`, so that its
// documentation is made without Terraform. It has no arguments; `make docs` runs
// it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/provider"
	"github.com/bpgen/bpgen/templates"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run writes what the documentation is made from.
func run(ctx context.Context, out io.Writer) error {
	provided, err := ask(ctx)
	if err != nil {
		return err
	}
	for _, of := range []map[string]*tfjson.Schema{{"": provided.ConfigSchema}, provided.ResourceSchemas, provided.DataSourceSchemas} {
		for _, one := range of {
			itemise(one.Block.Attributes)
		}
	}
	b, err := json.MarshalIndent(tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		// The bare name is the one that tfplugindocs looks for.
		Schemas: map[string]*tfjson.ProviderSchema{provider.Name: provided},
	}, "", "  ")
	if err != nil {
		return err
	}
	_, err = out.Write(append(b, '\n'))
	return err
}

// ask asks the provider, with the blueprints that it carries and no others.
func ask(ctx context.Context) (*tfjson.ProviderSchema, error) {
	p := provider.New(provider.Environment{
		BuiltIn: catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()},
	})
	server, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		return nil, err
	}
	resp, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	for _, d := range resp.Diagnostics {
		err = errors.Join(err, fmt.Errorf("%s: %s: %s", d.Severity, d.Summary, d.Detail))
	}
	if err != nil {
		return nil, err
	}
	return convert(resp)
}

// itemise indents the descriptions of attributes behind their first lines. In the
// documentation each is an item of a list, and the list of sources in it would
// else go on as a list of attributes.
func itemise(attributes map[string]*tfjson.SchemaAttribute) {
	for _, a := range attributes {
		a.Description = strings.ReplaceAll(strings.ReplaceAll(a.Description, "\n", "\n  "), "\n  \n", "\n\n")
		if a.AttributeNestedType != nil {
			itemise(a.AttributeNestedType.Attributes)
		}
	}
}

// convert returns the provider's answer as Terraform shows it.
func convert(resp *tfprotov6.GetProviderSchemaResponse) (*tfjson.ProviderSchema, error) {
	c := &converter{}
	all := func(of map[string]*tfprotov6.Schema) map[string]*tfjson.Schema {
		out := map[string]*tfjson.Schema{}
		for name, s := range of {
			out[name] = c.schema(s)
		}
		return out
	}
	functions := map[string]*tfjson.FunctionSignature{}
	for name, f := range resp.Functions {
		functions[name] = c.signature(f)
	}
	out := &tfjson.ProviderSchema{
		ConfigSchema:      c.schema(resp.Provider),
		ResourceSchemas:   all(resp.ResourceSchemas),
		DataSourceSchemas: all(resp.DataSourceSchemas),
		Functions:         functions,
	}
	return out, c.err
}

// A converter keeps what went wrong on its way.
type converter struct{ err error }

func (c *converter) schema(s *tfprotov6.Schema) *tfjson.Schema {
	return &tfjson.Schema{Version: uint64(s.Version), Block: c.block(s.Block)}
}

func (c *converter) block(b *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	out := &tfjson.SchemaBlock{
		Attributes:  c.attributes(b.Attributes),
		Description: b.Description, DescriptionKind: kind(b.DescriptionKind), Deprecated: b.Deprecated,
	}
	for _, n := range b.BlockTypes {
		if out.NestedBlocks == nil {
			out.NestedBlocks = map[string]*tfjson.SchemaBlockType{}
		}
		out.NestedBlocks[n.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: tfjson.SchemaNestingMode(strings.ToLower(n.Nesting.String())), Block: c.block(n.Block), MinItems: uint64(n.MinItems), MaxItems: uint64(n.MaxItems),
		}
	}
	return out
}

func (c *converter) attributes(of []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	out := map[string]*tfjson.SchemaAttribute{}
	for _, a := range of {
		to := &tfjson.SchemaAttribute{
			Description: a.Description, DescriptionKind: kind(a.DescriptionKind), Deprecated: a.Deprecated,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType != nil {
			to.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				Attributes: c.attributes(a.NestedType.Attributes), NestingMode: tfjson.SchemaNestingMode(strings.ToLower(a.NestedType.Nesting.String())),
			}
		} else {
			to.AttributeType = c.typ(a.Type)
		}
		out[a.Name] = to
	}
	return out
}

func (c *converter) signature(f *tfprotov6.Function) *tfjson.FunctionSignature {
	out := &tfjson.FunctionSignature{
		Description: f.Description, Summary: f.Summary, DeprecationMessage: f.DeprecationMessage, ReturnType: c.typ(f.Return.Type),
	}
	for _, p := range f.Parameters {
		out.Parameters = append(out.Parameters, c.parameter(p))
	}
	if f.VariadicParameter != nil {
		out.VariadicParameter = c.parameter(f.VariadicParameter)
	}
	return out
}

func (c *converter) parameter(p *tfprotov6.FunctionParameter) *tfjson.FunctionParameter {
	return &tfjson.FunctionParameter{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: c.typ(p.Type)}
}

func kind(k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	return tfjson.SchemaDescriptionKind(strings.ToLower(k.String()))
}

// typ takes a type by its form in JSON, which both libraries share with Terraform.
func (c *converter) typ(t tftypes.Type) cty.Type {
	var out cty.Type
	b, err := json.Marshal(t)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	c.err = errors.Join(c.err, err)
	return out
}
