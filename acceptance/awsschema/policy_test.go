package awsschema

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

func stringSet(list ...string) cty.Value {
	var out []cty.Value
	for _, s := range list {
		out = append(out, cty.StringVal(s))
	}
	return cty.SetVal(out)
}

// with returns an object of the block with some attributes set.
func with(b *schema.Block, set map[string]cty.Value) cty.Value {
	obj := emptyObject(b)
	for k, v := range set {
		obj[k] = v
	}
	return cty.ObjectVal(obj)
}

func TestPolicyDocument(t *testing.T) {
	s := configured(t, "6", nil)
	doc, _ := s.block(schema.KindData, "aws_iam_policy_document")
	statement := doc.Blocks["statement"].Block
	principal := statement.Blocks["principals"].Block
	condition := statement.Blocks["condition"].Block
	base := `{"Version":"2012-10-17","Statement":[{"Sid":"Base","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	str := cty.StringVal

	tests := []struct {
		name   string
		config map[string]cty.Value
		want   string // without the blanks of indentation
	}{
		{"a role's trust", map[string]cty.Value{"statement": cty.ListVal([]cty.Value{with(statement, map[string]cty.Value{
			"actions":    stringSet("sts:AssumeRole"),
			"principals": cty.SetVal([]cty.Value{with(principal, map[string]cty.Value{"type": str("Service"), "identifiers": stringSet("ecs-tasks.amazonaws.com")})}),
		})})},
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ecs-tasks.amazonaws.com"}}]}`},
		{"deny with a condition", map[string]cty.Value{"policy_id": str("p"), "statement": cty.ListVal([]cty.Value{with(statement, map[string]cty.Value{
			"sid": str("TLS"), "effect": str("Deny"), "actions": stringSet("s3:GetObject", "s3:PutObject"), "resources": stringSet("arn:aws:s3:::b", "arn:aws:s3:::b/&{aws:username}/*"),
			"principals": cty.SetVal([]cty.Value{with(principal, map[string]cty.Value{"type": str("*"), "identifiers": stringSet("*")})}),
			"condition":  cty.SetVal([]cty.Value{with(condition, map[string]cty.Value{"test": str("Bool"), "variable": str("aws:SecureTransport"), "values": cty.ListVal([]cty.Value{str("false")})})}),
		})})},
			`{"Version":"2012-10-17","Id":"p","Statement":[{"Sid":"TLS","Effect":"Deny","Action":["s3:PutObject","s3:GetObject"],"Resource":["arn:aws:s3:::b/${aws:username}/*","arn:aws:s3:::b"],"Principal":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`},
		{"added to another document", map[string]cty.Value{
			"source_policy_documents": cty.ListVal([]cty.Value{str(base)}),
			"statement":               cty.ListVal([]cty.Value{with(statement, map[string]cty.Value{"actions": stringSet("s3:ListBucket"), "resources": stringSet("*")})})},
			`{"Version":"2012-10-17","Statement":[{"Sid":"Base","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}`},
		{"overridden", map[string]cty.Value{
			"override_policy_documents": cty.ListVal([]cty.Value{str(strings.Replace(base, "Allow", "Deny", 1))}),
			"statement":                 cty.ListVal([]cty.Value{with(statement, map[string]cty.Value{"sid": str("Base"), "actions": stringSet("s3:ListBucket")})})},
			`{"Version":"2012-10-17","Statement":[{"Sid":"Base","Effect":"Deny","Action":"s3:*","Resource":"*"}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config, err := encodeValue(with(doc, tt.config), doc)
			check(t, nil, err)
			resp, err := s.ReadDataSource(context.Background(), &tfprotov5.ReadDataSourceRequest{TypeName: "aws_iam_policy_document", Config: config})
			check(t, resp.Diagnostics, err)
			state, err := decode(resp.State, doc)
			check(t, nil, err)
			if got := text(state, "minified_json"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if pretty := text(state, "json"); !strings.HasPrefix(pretty, "{\n  \"Version\": \"2012-10-17\",\n") {
				t.Errorf("not indented by two: %s", pretty)
			}
		})
	}
}

func TestPolicyDocumentSameSid(t *testing.T) {
	s := configured(t, "6", nil)
	doc, _ := s.block(schema.KindData, "aws_iam_policy_document")
	base := `{"Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	_, _, err := renderPolicy(with(doc, map[string]cty.Value{"source_policy_documents": cty.ListVal([]cty.Value{cty.StringVal(base), cty.StringVal(base)})}))
	if err == nil || !strings.Contains(err.Error(), `two statements have the Sid "A"`) {
		t.Errorf("got %v", err)
	}
}
