package provider

import (
	"context"
	"io"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/visible"
)

// Server returns the provider as Terraform asks it. A panic in an answer is an
// error of that answer, and its stack goes to trace, which Terraform shows with
// TF_LOG; a process that ends takes every other answer with it. Words of
// diagnostics are made visible: Terraform prints them as they are.
func (p *Provider) Server(trace io.Writer) tfprotov6.ProviderServer {
	return server{providerserver.NewProtocol6(p)(), trace}
}

// A server is one that cannot panic. It embeds nothing, so that the compiler finds
// a method that is not wrapped.
type server struct {
	next  tfprotov6.ProviderServer
	trace io.Writer
}

var _ tfprotov6.ProviderServer = server{}

// caught runs f and returns what Terraform is told of its panic, nil without one.
func (s server) caught(f func()) *tfprotov6.Diagnostic {
	p := crash.Catch(f)
	if p == nil {
		return nil
	}
	d := crash.Diagnostic(p)
	io.WriteString(s.trace, crash.Trace(hcl.Diagnostics{d})) //nolint:errcheck // There is nobody to tell.
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: d.Summary, Detail: d.Detail}
}

// answer asks for an answer whose diagnostics are where said returns. After a
// panic it is otherwise, with the error.
func answer[Q, R any](ctx context.Context, s server, q *Q, ask func(context.Context, *Q) (*R, error), said func(*R) *[]*tfprotov6.Diagnostic, otherwise *R) (r *R, err error) {
	if d := s.caught(func() { r, err = ask(ctx, q) }); d != nil {
		r, err = otherwise, nil
		*said(r) = append(*said(r), d)
	}
	if r != nil {
		for _, d := range *said(r) {
			d.Summary, d.Detail = visible.Text(d.Summary), visible.Text(d.Detail)
		}
	}
	return r, err
}

// What follows wraps one method each. What was there before a panic stays in the
// state.

// GetMetadata is that of the provider.
func (s server) GetMetadata(ctx context.Context, q *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return answer(ctx, s, q, s.next.GetMetadata, func(r *tfprotov6.GetMetadataResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.GetMetadataResponse{})
}

// GetProviderSchema is that of the provider.
func (s server) GetProviderSchema(ctx context.Context, q *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return answer(ctx, s, q, s.next.GetProviderSchema, func(r *tfprotov6.GetProviderSchemaResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.GetProviderSchemaResponse{})
}

// GetResourceIdentitySchemas is that of the provider.
func (s server) GetResourceIdentitySchemas(ctx context.Context, q *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return answer(ctx, s, q, s.next.GetResourceIdentitySchemas, func(r *tfprotov6.GetResourceIdentitySchemasResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.GetResourceIdentitySchemasResponse{})
}

// ValidateProviderConfig is that of the provider.
func (s server) ValidateProviderConfig(ctx context.Context, q *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return answer(ctx, s, q, s.next.ValidateProviderConfig, func(r *tfprotov6.ValidateProviderConfigResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.ValidateProviderConfigResponse{})
}

// ConfigureProvider is that of the provider.
func (s server) ConfigureProvider(ctx context.Context, q *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return answer(ctx, s, q, s.next.ConfigureProvider, func(r *tfprotov6.ConfigureProviderResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.ConfigureProviderResponse{})
}

// ValidateResourceConfig is that of the provider.
func (s server) ValidateResourceConfig(ctx context.Context, q *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return answer(ctx, s, q, s.next.ValidateResourceConfig, func(r *tfprotov6.ValidateResourceConfigResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.ValidateResourceConfigResponse{})
}

// UpgradeResourceState is that of the provider.
func (s server) UpgradeResourceState(ctx context.Context, q *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return answer(ctx, s, q, s.next.UpgradeResourceState, func(r *tfprotov6.UpgradeResourceStateResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.UpgradeResourceStateResponse{})
}

// ReadResource is that of the provider.
func (s server) ReadResource(ctx context.Context, q *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return answer(ctx, s, q, s.next.ReadResource, func(r *tfprotov6.ReadResourceResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.ReadResourceResponse{NewState: q.CurrentState, Private: q.Private})
}

// PlanResourceChange is that of the provider.
func (s server) PlanResourceChange(ctx context.Context, q *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return answer(ctx, s, q, s.next.PlanResourceChange, func(r *tfprotov6.PlanResourceChangeResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.PlanResourceChangeResponse{PlannedState: q.PriorState, PlannedPrivate: q.PriorPrivate})
}

// ApplyResourceChange is that of the provider.
func (s server) ApplyResourceChange(ctx context.Context, q *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return answer(ctx, s, q, s.next.ApplyResourceChange, func(r *tfprotov6.ApplyResourceChangeResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.ApplyResourceChangeResponse{NewState: q.PriorState, Private: q.PlannedPrivate})
}

// ImportResourceState is that of the provider.
func (s server) ImportResourceState(ctx context.Context, q *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return answer(ctx, s, q, s.next.ImportResourceState, func(r *tfprotov6.ImportResourceStateResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.ImportResourceStateResponse{})
}

// MoveResourceState is that of the provider.
func (s server) MoveResourceState(ctx context.Context, q *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return answer(ctx, s, q, s.next.MoveResourceState, func(r *tfprotov6.MoveResourceStateResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.MoveResourceStateResponse{})
}

// UpgradeResourceIdentity is that of the provider.
func (s server) UpgradeResourceIdentity(ctx context.Context, q *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return answer(ctx, s, q, s.next.UpgradeResourceIdentity, func(r *tfprotov6.UpgradeResourceIdentityResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.UpgradeResourceIdentityResponse{})
}

// GenerateResourceConfig is that of the provider.
func (s server) GenerateResourceConfig(ctx context.Context, q *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return answer(ctx, s, q, s.next.GenerateResourceConfig, func(r *tfprotov6.GenerateResourceConfigResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.GenerateResourceConfigResponse{})
}

// ValidateDataResourceConfig is that of the provider.
func (s server) ValidateDataResourceConfig(ctx context.Context, q *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return answer(ctx, s, q, s.next.ValidateDataResourceConfig, func(r *tfprotov6.ValidateDataResourceConfigResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.ValidateDataResourceConfigResponse{})
}

// ReadDataSource is that of the provider.
func (s server) ReadDataSource(ctx context.Context, q *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return answer(ctx, s, q, s.next.ReadDataSource, func(r *tfprotov6.ReadDataSourceResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.ReadDataSourceResponse{})
}

// ValidateEphemeralResourceConfig is that of the provider.
func (s server) ValidateEphemeralResourceConfig(ctx context.Context, q *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return answer(ctx, s, q, s.next.ValidateEphemeralResourceConfig, func(r *tfprotov6.ValidateEphemeralResourceConfigResponse) *[]*tfprotov6.Diagnostic {
		return &r.Diagnostics
	}, &tfprotov6.ValidateEphemeralResourceConfigResponse{})
}

// OpenEphemeralResource is that of the provider.
func (s server) OpenEphemeralResource(ctx context.Context, q *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return answer(ctx, s, q, s.next.OpenEphemeralResource, func(r *tfprotov6.OpenEphemeralResourceResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.OpenEphemeralResourceResponse{})
}

// RenewEphemeralResource is that of the provider.
func (s server) RenewEphemeralResource(ctx context.Context, q *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return answer(ctx, s, q, s.next.RenewEphemeralResource, func(r *tfprotov6.RenewEphemeralResourceResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.RenewEphemeralResourceResponse{})
}

// CloseEphemeralResource is that of the provider.
func (s server) CloseEphemeralResource(ctx context.Context, q *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return answer(ctx, s, q, s.next.CloseEphemeralResource, func(r *tfprotov6.CloseEphemeralResourceResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.CloseEphemeralResourceResponse{})
}

// GetFunctions is that of the provider.
func (s server) GetFunctions(ctx context.Context, q *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return answer(ctx, s, q, s.next.GetFunctions, func(r *tfprotov6.GetFunctionsResponse) *[]*tfprotov6.Diagnostic { return &r.Diagnostics }, &tfprotov6.GetFunctionsResponse{})
}

// StopProvider is that of the provider.
func (s server) StopProvider(ctx context.Context, q *tfprotov6.StopProviderRequest) (r *tfprotov6.StopProviderResponse, err error) {
	if d := s.caught(func() { r, err = s.next.StopProvider(ctx, q) }); d != nil {
		return &tfprotov6.StopProviderResponse{Error: d.Detail}, nil
	}
	return r, err
}

// CallFunction is that of the provider.
func (s server) CallFunction(ctx context.Context, q *tfprotov6.CallFunctionRequest) (r *tfprotov6.CallFunctionResponse, err error) {
	if d := s.caught(func() { r, err = s.next.CallFunction(ctx, q) }); d != nil {
		return &tfprotov6.CallFunctionResponse{Error: &tfprotov6.FunctionError{Text: d.Summary + ": " + d.Detail}}, nil
	}
	if r != nil && r.Error != nil {
		r.Error.Text = visible.Text(r.Error.Text)
	}
	return r, err
}
