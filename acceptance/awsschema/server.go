package awsschema

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/bpgen/bpgen/generator/schema"
)

// accountID is the account in every ARN.
const accountID = "123456789012"

// New returns a provider server for a major version of hashicorp/aws, "5" or
// "6". With names of types in only it serves these and no others: the core
// takes 2 s to digest the 2,400 types, and a test that runs it a hundred times
// names the 60 that its modules use. With names of nested blocks too it serves
// no others of these: a web ACL may nest ten thousand, of which a module has ten.
// What is not served is an error of the core, so a wrong list cannot make a test
// pass.
func New(major string, only ...string) (tfprotov5.ProviderServer, error) {
	p, ok := schema.For(major)
	if !ok {
		return nil, fmt.Errorf("no schema of hashicorp/aws %s: there are %q", major, schema.Majors())
	}
	s := &server{schemas: p}
	for _, name := range only {
		if strings.HasPrefix(name, "aws_") {
			s.types = append(s.types, name)
			continue
		}
		if s.blocks == nil {
			s.blocks = map[string]bool{}
		}
		s.blocks[name] = true
	}
	return s, nil
}

// A server answers for one configured provider. The core configures it before
// it plans and never again, so the fields need no lock.
type server struct {
	schemas     *schema.Provider
	types       []string        // nil: every type
	blocks      map[string]bool // nil: every nested block
	pruned      sync.Map        // block -> the same without what is not in blocks
	region      string          // "" while the configuration does not know it
	defaultTags map[string]cty.Value
}

// capabilities lets the core keep the schema in memory instead of asking for it
// again for every instance of the provider.
func capabilities() *tfprotov5.ServerCapabilities {
	return &tfprotov5.ServerCapabilities{GetProviderSchemaOptional: true, PlanDestroy: false}
}

func (s *server) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	resp := &tfprotov5.GetMetadataResponse{ServerCapabilities: capabilities()}
	for _, name := range s.names(schema.KindResource) {
		resp.Resources = append(resp.Resources, tfprotov5.ResourceMetadata{TypeName: name})
	}
	for _, name := range s.names(schema.KindData) {
		resp.DataSources = append(resp.DataSources, tfprotov5.DataSourceMetadata{TypeName: name})
	}
	return resp, nil
}

func (s *server) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	c := newConverter()
	return &tfprotov5.GetProviderSchemaResponse{
		ServerCapabilities: capabilities(),
		Provider:           &tfprotov5.Schema{Block: c.block(s.schemas.Config())},
		ResourceSchemas:    c.all(s, schema.KindResource),
		DataSourceSchemas:  c.all(s, schema.KindData),
	}, nil
}

func (s *server) GetResourceIdentitySchemas(context.Context, *tfprotov5.GetResourceIdentitySchemasRequest) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (s *server) PrepareProviderConfig(_ context.Context, req *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (s *server) ConfigureProvider(_ context.Context, req *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	resp := &tfprotov5.ConfigureProviderResponse{}
	config, err := decode(req.Config, s.schemas.Config())
	if err != nil {
		resp.Diagnostics = failed("provider configuration", err)
		return resp, nil
	}
	// Like the real provider: the configuration, then the environment.
	if region := attr(config, "region"); region.IsKnown() {
		s.region = cmp.Or(text(config, "region"), os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
		if s.region == "" {
			resp.Diagnostics = []*tfprotov5.Diagnostic{{
				Severity: tfprotov5.DiagnosticSeverityError,
				Summary:  "Missing region",
				Detail:   "Set the provider's region argument or the environment variable AWS_REGION.",
			}}
		}
	}
	s.defaultTags = map[string]cty.Value{}
	for _, block := range elements(config, "default_tags") {
		if tags := attr(block, "tags"); tags.IsKnown() && !tags.IsNull() {
			maps.Copy(s.defaultTags, tags.AsValueMap())
		}
	}
	return resp, nil
}

func (s *server) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func (s *server) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	// The core has checked the configuration against the schema; the schema
	// knows nothing more.
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (s *server) UpgradeResourceState(_ context.Context, req *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	resp := &tfprotov5.UpgradeResourceStateResponse{}
	b, err := s.block(schema.KindResource, req.TypeName)
	if err == nil {
		var v cty.Value
		if v, err = ctyjson.Unmarshal(req.RawState.JSON, b.ImpliedType()); err == nil {
			resp.UpgradedState, err = encodeValue(v, b)
		}
	}
	resp.Diagnostics = failed(req.TypeName, err)
	return resp, nil
}

func (s *server) UpgradeResourceIdentity(context.Context, *tfprotov5.UpgradeResourceIdentityRequest) (*tfprotov5.UpgradeResourceIdentityResponse, error) {
	return &tfprotov5.UpgradeResourceIdentityResponse{Diagnostics: unsupported("resource identities")}, nil
}

func (s *server) ReadResource(_ context.Context, req *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	return &tfprotov5.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}, nil
}

func (s *server) PlanResourceChange(_ context.Context, req *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	resp := &tfprotov5.PlanResourceChangeResponse{PlannedPrivate: req.PriorPrivate}
	b, err := s.block(schema.KindResource, req.TypeName)
	if err != nil {
		resp.Diagnostics = failed(req.TypeName, err)
		return resp, nil
	}
	prior, err1 := decode(req.PriorState, b)
	proposed, err2 := decode(req.ProposedNewState, b)
	if err := cmp.Or(err1, err2); err != nil {
		resp.Diagnostics = failed(req.TypeName, err)
		return resp, nil
	}
	planned := proposed
	if !proposed.IsNull() {
		planned = s.plan(req.TypeName, b, prior, proposed)
	}
	resp.PlannedState, err = encodeValue(planned, b)
	resp.Diagnostics = failed(req.TypeName, err)
	return resp, nil
}

func (s *server) ApplyResourceChange(_ context.Context, req *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	resp := &tfprotov5.ApplyResourceChangeResponse{Private: req.PlannedPrivate}
	b, err := s.block(schema.KindResource, req.TypeName)
	if err != nil {
		resp.Diagnostics = failed(req.TypeName, err)
		return resp, nil
	}
	planned, err := decode(req.PlannedState, b)
	if err != nil {
		resp.Diagnostics = failed(req.TypeName, err)
		return resp, nil
	}
	if !planned.IsNull() {
		planned = s.settle(schema.KindResource, req.TypeName, b, planned)
	}
	resp.NewState, err = encodeValue(planned, b)
	resp.Diagnostics = failed(req.TypeName, err)
	return resp, nil
}

// ImportResourceState returns an object that has its id and nothing else.
func (s *server) ImportResourceState(_ context.Context, req *tfprotov5.ImportResourceStateRequest) (*tfprotov5.ImportResourceStateResponse, error) {
	resp := &tfprotov5.ImportResourceStateResponse{}
	b, err := s.block(schema.KindResource, req.TypeName)
	if err != nil {
		resp.Diagnostics = failed(req.TypeName, err)
		return resp, nil
	}
	obj := emptyObject(b)
	if a := b.Attributes["id"]; a != nil && a.Type == cty.String {
		obj["id"] = cty.StringVal(req.ID)
	}
	state, err := encodeValue(cty.ObjectVal(obj), b)
	resp.Diagnostics = failed(req.TypeName, err)
	resp.ImportedResources = []*tfprotov5.ImportedResource{{TypeName: req.TypeName, State: state}}
	return resp, nil
}

func (s *server) MoveResourceState(context.Context, *tfprotov5.MoveResourceStateRequest) (*tfprotov5.MoveResourceStateResponse, error) {
	return &tfprotov5.MoveResourceStateResponse{Diagnostics: unsupported("moves between resource types")}, nil
}

func (s *server) GenerateResourceConfig(context.Context, *tfprotov5.GenerateResourceConfigRequest) (*tfprotov5.GenerateResourceConfigResponse, error) {
	return &tfprotov5.GenerateResourceConfigResponse{Diagnostics: unsupported("generated configuration")}, nil
}

func (s *server) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

func (s *server) ReadDataSource(_ context.Context, req *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	resp := &tfprotov5.ReadDataSourceResponse{}
	b, err := s.block(schema.KindData, req.TypeName)
	if err != nil {
		resp.Diagnostics = failed(req.TypeName, err)
		return resp, nil
	}
	config, err := decode(req.Config, b)
	if err == nil {
		var state cty.Value
		if state, err = s.read(req.TypeName, b, config); err == nil {
			resp.State, err = encodeValue(state, b)
		}
	}
	resp.Diagnostics = failed(req.TypeName, err)
	return resp, nil
}

func (s *server) CallFunction(context.Context, *tfprotov5.CallFunctionRequest) (*tfprotov5.CallFunctionResponse, error) {
	return &tfprotov5.CallFunctionResponse{Error: &tfprotov5.FunctionError{Text: "this provider for tests has no functions"}}, nil
}

func (s *server) GetFunctions(context.Context, *tfprotov5.GetFunctionsRequest) (*tfprotov5.GetFunctionsResponse, error) {
	return &tfprotov5.GetFunctionsResponse{}, nil
}

func (s *server) ValidateEphemeralResourceConfig(context.Context, *tfprotov5.ValidateEphemeralResourceConfigRequest) (*tfprotov5.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov5.ValidateEphemeralResourceConfigResponse{Diagnostics: unsupported("ephemeral resources")}, nil
}

func (s *server) OpenEphemeralResource(context.Context, *tfprotov5.OpenEphemeralResourceRequest) (*tfprotov5.OpenEphemeralResourceResponse, error) {
	return &tfprotov5.OpenEphemeralResourceResponse{Diagnostics: unsupported("ephemeral resources")}, nil
}

func (s *server) RenewEphemeralResource(context.Context, *tfprotov5.RenewEphemeralResourceRequest) (*tfprotov5.RenewEphemeralResourceResponse, error) {
	return &tfprotov5.RenewEphemeralResourceResponse{Diagnostics: unsupported("ephemeral resources")}, nil
}

func (s *server) CloseEphemeralResource(context.Context, *tfprotov5.CloseEphemeralResourceRequest) (*tfprotov5.CloseEphemeralResourceResponse, error) {
	return &tfprotov5.CloseEphemeralResourceResponse{Diagnostics: unsupported("ephemeral resources")}, nil
}

func (s *server) block(kind schema.Kind, name string) (*schema.Block, error) {
	if b, ok := s.schemas.Type(kind, name); ok {
		return s.prune(b), nil
	}
	return nil, fmt.Errorf("hashicorp/aws %s has no such %s type", s.schemas.Version(), kind)
}

// prune leaves out nested blocks that nobody asked for.
func (s *server) prune(b *schema.Block) *schema.Block {
	if s.blocks == nil || len(b.Blocks) == 0 {
		return b
	}
	if done, ok := s.pruned.Load(b); ok {
		return done.(*schema.Block)
	}
	out := &schema.Block{Attributes: b.Attributes, Blocks: map[string]*schema.NestedBlock{}}
	for name, nb := range b.Blocks {
		if s.blocks[name] {
			out.Blocks[name] = &schema.NestedBlock{Block: s.prune(nb.Block), Nesting: nb.Nesting, MinItems: nb.MinItems, MaxItems: nb.MaxItems}
		}
	}
	// Whoever comes second takes what is there: a block computes its type once.
	kept, _ := s.pruned.LoadOrStore(b, out)
	return kept.(*schema.Block)
}

func decode(dv *tfprotov5.DynamicValue, b *schema.Block) (cty.Value, error) {
	ty := b.ImpliedType()
	switch {
	case dv == nil:
		return cty.NullVal(ty), nil
	case len(dv.MsgPack) > 0:
		return msgpack.Unmarshal(dv.MsgPack, ty)
	}
	return ctyjson.Unmarshal(dv.JSON, ty)
}

func encodeValue(v cty.Value, b *schema.Block) (*tfprotov5.DynamicValue, error) {
	raw, err := msgpack.Marshal(v, b.ImpliedType())
	if err != nil {
		return nil, err
	}
	return &tfprotov5.DynamicValue{MsgPack: raw}, nil
}

// emptyObject returns nulls for attributes and no blocks, which is how the core
// writes an object of which nothing is set.
func emptyObject(b *schema.Block) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, a := range b.Attributes {
		out[name] = cty.NullVal(a.Type)
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		ty := b.ImpliedType().AttributeType(name)
		switch {
		case ty.IsListType():
			out[name] = cty.ListValEmpty(ty.ElementType())
		case ty.IsSetType():
			out[name] = cty.SetValEmpty(ty.ElementType())
		case ty.IsMapType():
			out[name] = cty.MapValEmpty(ty.ElementType())
		default:
			out[name] = cty.NullVal(ty)
		}
	}
	return out
}

// failed returns a diagnostic for an error, and none for nil.
func failed(what string, err error) []*tfprotov5.Diagnostic {
	if err == nil {
		return nil
	}
	return []*tfprotov5.Diagnostic{{Severity: tfprotov5.DiagnosticSeverityError, Summary: "awsschema: " + what, Detail: err.Error()}}
}

func unsupported(what string) []*tfprotov5.Diagnostic {
	return failed("not supported", fmt.Errorf("this provider for tests has no %s", what))
}
