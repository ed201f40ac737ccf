package awsschema

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

// configured returns a server in eu-west-1.
func configured(t testing.TB, major string, set map[string]cty.Value) *server {
	t.Helper()
	p, err := New(major)
	if err != nil {
		t.Fatal(err)
	}
	s := p.(*server)
	config := emptyObject(s.schemas.Config())
	config["region"] = cty.StringVal("eu-west-1")
	for k, v := range set {
		config[k] = v
	}
	dv, err := encodeValue(cty.ObjectVal(config), s.schemas.Config())
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.ConfigureProvider(context.Background(), &tfprotov5.ConfigureProviderRequest{Config: dv})
	check(t, resp.Diagnostics, err)
	return s
}

func check(t testing.TB, diags []*tfprotov5.Diagnostic, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		t.Fatalf("%s: %s", d.Summary, d.Detail)
	}
}

// plan and apply talk to the server as the core does.
func plan(t testing.TB, s *server, typeName string, prior, proposed cty.Value) cty.Value {
	t.Helper()
	b, err := s.block(schema.KindResource, typeName)
	if err != nil {
		t.Fatal(err)
	}
	req := &tfprotov5.PlanResourceChangeRequest{TypeName: typeName}
	for _, v := range []struct {
		to  **tfprotov5.DynamicValue
		val cty.Value
	}{{&req.PriorState, prior}, {&req.ProposedNewState, proposed}, {&req.Config, proposed}} {
		if *v.to, err = encodeValue(v.val, b); err != nil {
			t.Fatalf("%s: %v", typeName, err)
		}
	}
	resp, err := s.PlanResourceChange(context.Background(), req)
	check(t, resp.Diagnostics, err)
	out, err := decode(resp.PlannedState, b)
	check(t, nil, err)
	return out
}

func apply(t testing.TB, s *server, typeName string, planned cty.Value) cty.Value {
	t.Helper()
	b, _ := s.block(schema.KindResource, typeName)
	dv, err := encodeValue(planned, b)
	check(t, nil, err)
	resp, err := s.ApplyResourceChange(context.Background(), &tfprotov5.ApplyResourceChangeRequest{TypeName: typeName, PlannedState: dv})
	check(t, resp.Diagnostics, err)
	out, err := decode(resp.NewState, b)
	check(t, nil, err)
	return out
}

// create plans and applies a new resource with the given arguments.
func create(t testing.TB, s *server, typeName string, args map[string]cty.Value) (planned, state cty.Value) {
	t.Helper()
	b, err := s.block(schema.KindResource, typeName)
	check(t, nil, err)
	obj := emptyObject(b)
	for k, v := range args {
		if _, ok := obj[k]; !ok {
			t.Fatalf("%s has no %s", typeName, k)
		}
		obj[k] = v
	}
	planned = plan(t, s, typeName, cty.NullVal(b.ImpliedType()), cty.ObjectVal(obj))
	return planned, apply(t, s, typeName, planned)
}

// Every type of both releases: nothing unknown is left after apply, what was
// planned as known stays, a second plan is empty, and a second run agrees.
func TestEveryResourceType(t *testing.T) {
	for _, major := range schema.Majors() {
		t.Run(major, func(t *testing.T) {
			t.Parallel()
			s := configured(t, major, nil)
			names := s.names(schema.KindResource)
			if len(names) < 1000 {
				t.Fatalf("only %d resource types", len(names))
			}
			for i, name := range names {
				if strings.HasPrefix(name, "aws_quicksight_") || strings.HasPrefix(name, "aws_wafv2_") && testing.Short() {
					continue // ten thousand arguments each: slow, and nothing new
				}
				b, _ := s.block(schema.KindResource, name)
				planned, state := create(t, s, name, sample(b))
				if !state.IsWhollyKnown() {
					t.Errorf("%s: unknown values after apply", name)
					continue
				}
				for attr := range b.Attributes {
					if p := planned.GetAttr(attr); p.IsWhollyKnown() && !p.RawEquals(state.GetAttr(attr)) {
						t.Errorf("%s.%s: planned %#v, applied %#v", name, attr, p, state.GetAttr(attr))
					}
				}
				if again := plan(t, s, name, state, state); !again.RawEquals(state) {
					t.Errorf("%s: a second plan is not empty", name)
				}
				if i%8 != 0 {
					continue // one way makes all values: a sample of types shows that it is steady
				}
				if _, other := create(t, s, name, sample(b)); !other.RawEquals(state) {
					t.Errorf("%s: a second run gives other values", name)
				}
			}
		})
	}
}

// sample sets every required string and gives every kind of block one element.
func sample(b *schema.Block) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, a := range b.Attributes {
		if a.Required && a.Type == cty.String {
			out[name] = cty.StringVal("sample-" + name)
		}
	}
	for name, nb := range b.Blocks {
		ty := b.ImpliedType().AttributeType(name)
		elem := cty.ObjectVal(emptyObject(nb.Block))
		switch {
		case ty.IsListType():
			out[name] = cty.ListVal([]cty.Value{elem})
		case ty.IsSetType():
			out[name] = cty.SetVal([]cty.Value{elem})
		case ty.IsObjectType() && name != "timeouts":
			out[name] = elem
		}
	}
	return out
}

func TestEveryDataSource(t *testing.T) {
	for _, major := range schema.Majors() {
		s := configured(t, major, nil)
		for _, name := range s.names(schema.KindData) {
			b, _ := s.block(schema.KindData, name)
			if strings.HasPrefix(name, "aws_quicksight_") {
				continue // as above
			}
			obj := emptyObject(b)
			for attr, a := range b.Attributes {
				if a.Required && a.Type == cty.String {
					obj[attr] = cty.StringVal("sample-" + attr)
				}
			}
			config, err := encodeValue(cty.ObjectVal(obj), b)
			check(t, nil, err)
			resp, err := s.ReadDataSource(context.Background(), &tfprotov5.ReadDataSourceRequest{TypeName: name, Config: config})
			check(t, resp.Diagnostics, err)
			state, err := decode(resp.State, b)
			check(t, nil, err)
			if !state.IsWhollyKnown() {
				t.Errorf("%s: unknown values", name)
			}
			for attr, a := range b.Attributes {
				if v := state.GetAttr(attr); !a.Computed && !v.RawEquals(obj[attr]) {
					t.Errorf("%s.%s: configured %#v, read %#v", name, attr, obj[attr], v)
				}
			}
		}
	}
}

// The forms of values that templates take apart or hand on.
func TestValues(t *testing.T) {
	s := configured(t, "6", nil)
	str := cty.StringVal
	tests := []struct {
		typ  string
		args map[string]cty.Value
		want map[string]string // attribute -> value, "#" for a hexadecimal digit
	}{
		{"aws_vpc", nil, map[string]string{"id": "vpc-#################", "default_security_group_id": "sg-#################", "region": "eu-west-1"}},
		{"aws_lb", map[string]cty.Value{"name": str("web")}, map[string]string{
			"arn":        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/################",
			"id":         "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/################",
			"arn_suffix": "app/web/################", "dns_name": "web-##########.eu-west-1.elb.amazonaws.com", "zone_id": "Z14GRHDCWA56QT"}},
		{"aws_lb_listener", map[string]cty.Value{"load_balancer_arn": str("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0123456789abcdef")}, map[string]string{
			"arn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0123456789abcdef/################"}},
		{"aws_acm_certificate", map[string]cty.Value{"region": str("us-east-1")}, map[string]string{"arn": "arn:aws:acm:us-east-1:123456789012:certificate/########-####-4###-a###-############"}},
		{"aws_wafv2_ip_set", map[string]cty.Value{"name": str("w"), "scope": str("CLOUDFRONT"), "region": str("us-east-1")}, map[string]string{
			"arn": "arn:aws:wafv2:us-east-1:123456789012:global/ipset/w/########-####-4###-a###-############"}},
		{"aws_s3_bucket", map[string]cty.Value{"bucket": str("b")}, map[string]string{"id": "b", "arn": "arn:aws:s3:::b", "bucket_domain_name": "b.s3.amazonaws.com"}},
		{"aws_iam_role", map[string]cty.Value{"name": str("r")}, map[string]string{"id": "r", "arn": "arn:aws:iam::123456789012:role/r"}},
		{"aws_iam_role", map[string]cty.Value{"name_prefix": str("r-")}, map[string]string{"name": "r-##########"}},
		{"aws_ecr_repository", map[string]cty.Value{"name": str("app")}, map[string]string{"repository_url": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app"}},
		{"aws_ecs_task_definition", map[string]cty.Value{"family": str("app")}, map[string]string{"arn": "arn:aws:ecs:eu-west-1:123456789012:task-definition/app:1", "revision": "1"}},
		{"aws_ecs_service", map[string]cty.Value{"name": str("web"), "cluster": str("arn:aws:ecs:eu-west-1:123456789012:cluster/c")}, map[string]string{"id": "arn:aws:ecs:eu-west-1:123456789012:service/c/web"}},
		{"aws_rds_cluster", map[string]cty.Value{"cluster_identifier": str("db"), "engine": str("aurora-postgresql")}, map[string]string{
			"endpoint": "db.cluster-############.eu-west-1.rds.amazonaws.com", "port": "5432"}},
		{"aws_elasticache_replication_group", map[string]cty.Value{"replication_group_id": str("c")}, map[string]string{"primary_endpoint_address": "master.c.######.euw1.cache.amazonaws.com"}},
		{"aws_ssm_parameter", map[string]cty.Value{"name": str("/app/DB_HOST")}, map[string]string{"arn": "arn:aws:ssm:eu-west-1:123456789012:parameter/app/DB_HOST"}},
		{"aws_cloudwatch_log_group", map[string]cty.Value{"name": str("/ecs/app")}, map[string]string{"arn": "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/app"}},
	}
	for _, tt := range tests {
		_, state := create(t, s, tt.typ, tt.args)
		for attr, want := range tt.want {
			got := state.GetAttr(attr)
			text := ""
			if got.Type() == cty.Number {
				text = got.AsBigFloat().String()
			} else if !got.IsNull() {
				text = got.AsString()
			}
			if !matches(want, text) {
				t.Errorf("%s.%s: got %q, want %q", tt.typ, attr, text, want)
			}
		}
	}
}

func matches(pattern, text string) bool {
	if len(pattern) != len(text) {
		return false
	}
	for i := range pattern {
		if pattern[i] == '#' && strings.ContainsRune("0123456789abcdef", rune(text[i])) || pattern[i] == text[i] {
			continue
		}
		return false
	}
	return true
}

func TestDifferentArgumentsDifferentIDs(t *testing.T) {
	s := configured(t, "6", nil)
	_, a := create(t, s, "aws_subnet", map[string]cty.Value{"cidr_block": cty.StringVal("10.0.0.0/24")})
	_, b := create(t, s, "aws_subnet", map[string]cty.Value{"cidr_block": cty.StringVal("10.0.1.0/24")})
	if a.GetAttr("id").RawEquals(b.GetAttr("id")) {
		t.Errorf("two subnets have the id %#v", a.GetAttr("id"))
	}
}

func TestTags(t *testing.T) {
	def := cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"tags": cty.MapVal(map[string]cty.Value{"Owner": cty.StringVal("us"), "Env": cty.StringVal("dev")})})})
	s := configured(t, "6", map[string]cty.Value{"default_tags": def})
	own := cty.MapVal(map[string]cty.Value{"Env": cty.StringVal("prd")})
	planned, state := create(t, s, "aws_vpc", map[string]cty.Value{"tags": own})
	want := cty.MapVal(map[string]cty.Value{"Owner": cty.StringVal("us"), "Env": cty.StringVal("prd")})
	if !planned.GetAttr("tags_all").RawEquals(want) || !state.GetAttr("tags_all").RawEquals(want) {
		t.Errorf("tags_all: planned %#v, applied %#v", planned.GetAttr("tags_all"), state.GetAttr("tags_all"))
	}

	// An update follows the tags and leaves the id alone.
	obj := state.AsValueMap()
	obj["tags"] = cty.NullVal(cty.Map(cty.String))
	updated := plan(t, s, "aws_vpc", state, cty.ObjectVal(obj))
	want = cty.MapVal(map[string]cty.Value{"Owner": cty.StringVal("us"), "Env": cty.StringVal("dev")})
	if !updated.GetAttr("tags_all").RawEquals(want) || !updated.GetAttr("id").RawEquals(state.GetAttr("id")) {
		t.Errorf("after removing the tags: %#v, id %#v", updated.GetAttr("tags_all"), updated.GetAttr("id"))
	}
}

func TestCertificateOptionsKnownAtPlan(t *testing.T) {
	s := configured(t, "6", nil)
	planned, state := create(t, s, "aws_acm_certificate", map[string]cty.Value{
		"domain_name": cty.StringVal("example.com"), "validation_method": cty.StringVal("DNS"),
		"subject_alternative_names": cty.SetVal([]cty.Value{cty.StringVal("*.example.com")}),
	})
	var domains []string
	for _, o := range elements(planned, "domain_validation_options") {
		domains = append(domains, text(o, "domain_name"))
		if attr(o, "resource_record_name").IsKnown() {
			t.Error("the record is known before the certificate is there")
		}
	}
	if got := fmt.Sprint(domains); got != "[*.example.com example.com]" {
		t.Errorf("domains known at plan: %s", got)
	}
	records := map[string]bool{}
	for _, o := range elements(state, "domain_validation_options") {
		records[text(o, "resource_record_name")] = true
	}
	if len(records) != 1 {
		t.Errorf("a domain and its wildcard have the records %v; in AWS it is one", records)
	}
}

func TestWriteOnlyArguments(t *testing.T) {
	s := configured(t, "6", nil)
	planned, state := create(t, s, "aws_ssm_parameter", map[string]cty.Value{"name": cty.StringVal("p"), "type": cty.StringVal("SecureString"), "value_wo": cty.StringVal("secret")})
	if !planned.GetAttr("value_wo").IsNull() || !state.GetAttr("value_wo").IsNull() {
		t.Error("a write-only argument stands in plan or state")
	}
}

func TestOnlyNamedTypes(t *testing.T) {
	p, err := New("6", "aws_vpc", "aws_region")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.GetProviderSchema(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.ResourceSchemas) != 1 || resp.ResourceSchemas["aws_vpc"] == nil || len(resp.DataSourceSchemas) != 2 {
		t.Errorf("%d resources, %d data sources", len(resp.ResourceSchemas), len(resp.DataSourceSchemas))
	}
}

func TestMissingRegion(t *testing.T) {
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	p, _ := New("6")
	s := p.(*server)
	dv, err := encodeValue(cty.ObjectVal(emptyObject(s.schemas.Config())), s.schemas.Config())
	check(t, nil, err)
	resp, err := s.ConfigureProvider(context.Background(), &tfprotov5.ConfigureProviderRequest{Config: dv})
	if err != nil || len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Missing region" {
		t.Errorf("got %v, %v", resp.Diagnostics, err)
	}
}

func TestUnknownMajor(t *testing.T) {
	if _, err := New("4"); err == nil {
		t.Error("there is no schema of version 4")
	}
}

func BenchmarkGetProviderSchema(b *testing.B) {
	s := configured(b, "6", nil)
	for b.Loop() {
		if _, err := s.GetProviderSchema(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
	}
}
