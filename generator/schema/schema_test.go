package schema

import (
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func open(t testing.TB, major string) *Provider {
	t.Helper()
	p, ok := For(major)
	if !ok {
		t.Fatalf("For(%q): not known", major)
	}
	return p
}

func mustType(t testing.TB, p *Provider, kind Kind, name string) *Block {
	t.Helper()
	b, ok := p.Type(kind, name)
	if !ok {
		t.Fatalf("%s %s is not in %s", kind, name, p.Version())
	}
	return b
}

func TestForNamesItsVersion(t *testing.T) {
	for major, want := range map[string]string{"5": "5.100.0", "6": "6.66.0"} {
		if got := open(t, major).Version(); got != want {
			t.Errorf("For(%q).Version() = %q, want %q", major, got, want)
		}
	}
	for _, major := range []string{"", "4", "7", "5.100.0"} {
		if _, ok := For(major); ok {
			t.Errorf("For(%q) is known, want unknown", major)
		}
	}
}

// Facts that the two versions are known to differ in.
func TestVersionsDiffer(t *testing.T) {
	five, six := open(t, "5"), open(t, "6")
	if _, ok := mustType(t, five, KindResource, "aws_s3_bucket").Attributes["region"]; !ok {
		t.Error("5.100: aws_s3_bucket exports region")
	}
	if mustType(t, five, KindResource, "aws_s3_bucket").Attributes["region"].Settable() {
		t.Error("5.100: aws_s3_bucket.region is read only")
	}
	if !mustType(t, six, KindResource, "aws_s3_bucket").Attributes["region"].Settable() {
		t.Error("6: every resource takes a region")
	}
	if _, ok := mustType(t, five, KindData, "aws_region").Attributes["region"]; ok {
		t.Error("5.100: data.aws_region has no attribute region")
	}
	if _, ok := mustType(t, six, KindData, "aws_region").Attributes["region"]; !ok {
		t.Error("6: data.aws_region has the attribute region")
	}
}

func TestTypeContent(t *testing.T) {
	for _, major := range Majors() {
		p := open(t, major)
		cluster := mustType(t, p, KindResource, "aws_rds_cluster")
		if a := cluster.Attributes["engine"]; a == nil || !a.Required || a.Computed || a.Type != cty.String {
			t.Errorf("%s: aws_rds_cluster.engine = %+v", major, a)
		}
		if a := cluster.Attributes["master_password_wo"]; a == nil || !a.WriteOnly {
			t.Errorf("%s: aws_rds_cluster.master_password_wo = %+v", major, a)
		}
		if a := cluster.Attributes["arn"]; a == nil || a.Settable() || !a.Computed {
			t.Errorf("%s: aws_rds_cluster.arn = %+v", major, a)
		}
		if a := cluster.Attributes["master_password"]; a == nil || !a.Sensitive {
			t.Errorf("%s: aws_rds_cluster.master_password = %+v", major, a)
		}
		scaling := cluster.Blocks["serverlessv2_scaling_configuration"]
		if scaling == nil || scaling.Nesting != NestingList || scaling.MinItems != 0 || scaling.MaxItems != 1 {
			t.Errorf("%s: serverlessv2_scaling_configuration = %+v", major, scaling)
		}
		group := mustType(t, p, KindResource, "aws_security_group")
		want := cty.Set(cty.Object(map[string]cty.Type{
			"cidr_blocks": cty.List(cty.String), "description": cty.String, "from_port": cty.Number,
			"ipv6_cidr_blocks": cty.List(cty.String), "prefix_list_ids": cty.List(cty.String), "protocol": cty.String,
			"security_groups": cty.Set(cty.String), "self": cty.Bool, "to_port": cty.Number,
		}))
		if a := group.Attributes["ingress"]; a == nil || !a.Type.Equals(want) {
			t.Errorf("%s: aws_security_group.ingress = %#v", major, a)
		}
		if _, ok := p.Config().Blocks["default_tags"]; !ok {
			t.Errorf("%s: the provider block takes default_tags", major)
		}
		if _, ok := p.Config().Attributes["alias"]; ok {
			t.Errorf("%s: alias is Terraform's, not the provider's", major)
		}
	}
}

func TestUnknownTypes(t *testing.T) {
	p := open(t, "6")
	for _, c := range []struct {
		kind Kind
		name string
	}{
		{KindResource, ""}, {KindResource, "aws"}, {KindResource, "aws_s3_bucke"}, {KindResource, "zzz"},
		{KindData, "terraform_data"}, {KindEphemeral, "aws_s3_bucket"}, {Kind(9), "aws_s3_bucket"}, {Kind(-1), "aws_s3_bucket"},
	} {
		if b, ok := p.Type(c.kind, c.name); ok || b != nil {
			t.Errorf("Type(%v, %q) = %v, %v", c.kind, c.name, b, ok)
		}
	}
}

func TestBuiltinProvider(t *testing.T) {
	p := open(t, "6")
	data := mustType(t, p, KindResource, "terraform_data")
	if got, want := data.ImpliedType(), cty.Object(map[string]cty.Type{
		"id": cty.String, "input": cty.DynamicPseudoType, "output": cty.DynamicPseudoType, "triggers_replace": cty.DynamicPseudoType,
	}); !got.Equals(want) {
		t.Errorf("terraform_data: %#v", got)
	}
	if data.Attributes["output"].Settable() || !data.Attributes["input"].Settable() {
		t.Error("terraform_data: input is set, output is read")
	}
	if !mustType(t, p, KindData, "terraform_remote_state").Attributes["backend"].Required {
		t.Error("terraform_remote_state.backend is required")
	}
	if again := mustType(t, p, KindResource, "terraform_data"); again != data {
		t.Error("builtin types are not cached")
	}
}

func TestNamesAreSortedAndAllOpen(t *testing.T) {
	for _, major := range Majors() {
		p := open(t, major)
		for kind := range kindCount {
			names := p.Names(kind)
			if !slices.IsSorted(names) {
				t.Errorf("%s %s: names are not sorted", major, kind)
			}
			if kind != KindEphemeral && len(names) < 600 {
				t.Errorf("%s %s: only %d names", major, kind, len(names))
			}
			for _, name := range names {
				mustType(t, p, kind, name).ImpliedType()
			}
		}
	}
}

func TestImpliedTypeNestings(t *testing.T) {
	leaf := &Block{Attributes: map[string]*Attribute{"x": {Type: cty.Number}}}
	open := &Block{Attributes: map[string]*Attribute{"any": {Type: cty.DynamicPseudoType}}}
	b := &Block{
		Attributes: map[string]*Attribute{"id": {Type: cty.String}},
		Blocks: map[string]*NestedBlock{
			"single": {Block: leaf, Nesting: NestingSingle}, "group": {Block: leaf, Nesting: NestingGroup},
			"list": {Block: leaf, Nesting: NestingList, MaxItems: 1}, "set": {Block: leaf, Nesting: NestingSet},
			"map": {Block: leaf, Nesting: NestingMap}, "dynlist": {Block: open, Nesting: NestingList},
		},
	}
	obj := cty.Object(map[string]cty.Type{"x": cty.Number})
	want := cty.Object(map[string]cty.Type{
		"id": cty.String, "single": obj, "group": obj, "list": cty.List(obj), "set": cty.Set(obj),
		"map": cty.Map(obj), "dynlist": cty.DynamicPseudoType,
	})
	if got := b.ImpliedType(); !got.Equals(want) {
		t.Errorf("got %#v", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	p, err := Open(aws6) // its own caches, so that the race detector sees them filled
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, name := range usual {
				b, ok := p.Type(KindResource, name)
				if !ok {
					t.Errorf("%s is missing", name)
					return
				}
				b.ImpliedType()
			}
		})
	}
	wg.Wait()
}

func TestOpenRefusesOtherBytes(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "text": "{}", "magic only": magic, "cut": aws6[:1000], "cut late": aws6[:len(aws6)-1],
	} {
		if _, err := Open(data); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

// usual is what the reference architecture declares, the deep ones included.
var usual = []string{
	"aws_acm_certificate", "aws_acm_certificate_validation", "aws_appautoscaling_policy", "aws_appautoscaling_target",
	"aws_cloudfront_distribution", "aws_cloudfront_response_headers_policy", "aws_cloudfront_vpc_origin", "aws_cloudwatch_log_group",
	"aws_cloudwatch_metric_alarm", "aws_db_parameter_group", "aws_db_subnet_group", "aws_default_security_group",
	"aws_ecr_lifecycle_policy", "aws_ecr_repository", "aws_ecs_cluster", "aws_ecs_cluster_capacity_providers",
	"aws_ecs_service", "aws_ecs_task_definition", "aws_eip", "aws_elasticache_parameter_group",
	"aws_elasticache_replication_group", "aws_elasticache_subnet_group", "aws_flow_log", "aws_iam_role",
	"aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_internet_gateway", "aws_kms_alias",
	"aws_kms_key", "aws_kms_key_policy", "aws_lb", "aws_lb_listener", "aws_lb_listener_rule", "aws_lb_target_group",
	"aws_nat_gateway", "aws_network_acl", "aws_rds_cluster", "aws_rds_cluster_instance", "aws_rds_cluster_parameter_group",
	"aws_route", "aws_route53_record", "aws_route_table", "aws_route_table_association", "aws_s3_bucket",
	"aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_ownership_controls", "aws_s3_bucket_policy",
	"aws_s3_bucket_public_access_block", "aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_versioning",
	"aws_secretsmanager_secret", "aws_security_group", "aws_ssm_parameter", "aws_subnet", "aws_vpc", "aws_vpc_endpoint",
	"aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule", "aws_wafv2_web_acl",
	"aws_wafv2_web_acl_association", "aws_wafv2_web_acl_logging_configuration",
}

// BenchmarkCold opens an artefact and decodes every type of the reference
// architecture with its implied type, as one render does.
func BenchmarkCold(b *testing.B) {
	for _, c := range []struct {
		name  string
		types []string
	}{
		{"open", nil}, {"usual", usual}, {"wafv2", []string{"aws_wafv2_web_acl"}}, {"vpc", []string{"aws_vpc"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := Open(aws6)
				if err != nil {
					b.Fatal(err)
				}
				for _, name := range c.types {
					blk, ok := p.Type(KindResource, name)
					if !ok {
						b.Fatal(name)
					}
					blk.ImpliedType()
				}
			}
		})
	}
}

// A render must not pay for what it does not use: the reference architecture's
// types stay below a bound that a whole decode exceeds many times over.
func TestMemoryOfTheUsualTypes(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	p, err := Open(aws6)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range usual {
		mustType(t, p, KindResource, name).ImpliedType()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 3<<20 {
		t.Errorf("the usual types hold %d bytes, want at most 3 MiB", held)
	} else {
		t.Logf("the usual types hold %d kB", held>>10)
	}
	runtime.KeepAlive(p)
}
