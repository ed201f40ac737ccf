package provider

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// A crashing server panics at every question: its methods are those of a nil
// interface.
type crashing struct{ tfprotov6.ProviderServer }

// loud answers with an error that a terminal would obey.
type loud struct{ tfprotov6.ProviderServer }

const evil = "a\x1b]0;title\x07b\u202ec"

func (loud) ReadDataSource(context.Context, *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return &tfprotov6.ReadDataSourceResponse{Diagnostics: []*tfprotov6.Diagnostic{{Summary: evil, Detail: evil}}}, nil
}

func (loud) CallFunction(context.Context, *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return &tfprotov6.CallFunctionResponse{Error: &tfprotov6.FunctionError{Text: evil}}, nil
}

// TestNoAnswerPanics asks everything that Terraform can ask.
func TestNoAnswerPanics(t *testing.T) {
	t.Parallel()
	var trace bytes.Buffer
	s := server{crashing{}, &trace}
	prior := &tfprotov6.DynamicValue{JSON: []byte(`{}`)}
	questions := reflect.TypeFor[tfprotov6.ProviderServer]()
	for i := range questions.NumMethod() {
		m := questions.Method(i)
		q := reflect.New(m.Type.In(1).Elem())
		for _, name := range []string{"PriorState", "CurrentState"} {
			if f := q.Elem().FieldByName(name); f.IsValid() {
				f.Set(reflect.ValueOf(prior))
			}
		}
		out := reflect.ValueOf(s).MethodByName(m.Name).Call([]reflect.Value{reflect.ValueOf(t.Context()), q})
		if !out[1].IsNil() {
			t.Errorf("%s fails: %v", m.Name, out[1])
		}
		answer := out[0].Elem()
		text := ""
		switch r := answer.Addr().Interface().(type) {
		case *tfprotov6.StopProviderResponse:
			text = r.Error
		case *tfprotov6.CallFunctionResponse:
			text = r.Error.Text
		default:
			for _, d := range answer.FieldByName("Diagnostics").Interface().([]*tfprotov6.Diagnostic) {
				text += d.Detail
			}
		}
		if !strings.Contains(text, "This is a bug in bpgen") || strings.Contains(text, "goroutine") {
			t.Errorf("%s says %q", m.Name, text)
		}
		for _, name := range []string{"NewState", "PlannedState"} {
			if f := answer.FieldByName(name); f.IsValid() && m.Name != "MoveResourceState" && f.Interface() != any(prior) {
				t.Errorf("%s loses the state", m.Name)
			}
		}
	}
	if n := strings.Count(trace.String(), "goroutine "); n < questions.NumMethod() {
		t.Errorf("%d stacks for %d questions", n, questions.NumMethod())
	}
}

// TestAnswersAreVisible: what Terraform prints holds nothing that a terminal obeys.
func TestAnswersAreVisible(t *testing.T) {
	t.Parallel()
	s := server{loud{}, &bytes.Buffer{}}
	const want = `a\x1b]0;title\x07b<U+202E>c`
	r, err := s.ReadDataSource(t.Context(), nil)
	if err != nil || r.Diagnostics[0].Summary != want || r.Diagnostics[0].Detail != want {
		t.Errorf("%v, %v", r, err)
	}
	f, err := s.CallFunction(t.Context(), nil)
	if err != nil || f.Error.Text != want {
		t.Errorf("%v, %v", f, err)
	}
}
