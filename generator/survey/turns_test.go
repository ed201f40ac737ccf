package survey

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// turns are settings of the built-in blueprint that are turned over in the rendering
// that the proof is about, with all comments left as they are, and the entry that
// must then be told.
var turns = []struct{ id, from, to string }{
	{"aurora.param-character-set-server", `character_set_server( +)= "utf8mb4"`, `character_set_server$1= "latin1"`},
	{"aurora.param-time-zone", `time_zone( +)= "[A-Z][a-z]+/[A-Z][a-z]+"`, `time_zone$1= "UTC"`},
	{"aurora.param-slow-query-log", `slow_query_log( +)= "1"`, `slow_query_log$1= "0"`},
	{"aurora.param-long-query-time", `long_query_time( +)= "3"`, `long_query_time$1= "30"`},
	{"aurora.param-server-audit-logging", `server_audit_logging( +)= "1"`, `server_audit_logging$1= "0"`},
	{"aurora.backup-retention-period", `backup_retention_period( +)= 7`, `backup_retention_period$1= 1`},
	{"aurora.deletion-protection", `(variable "deletion_protection" \{(?s:.*?)default +=) true`, `$1 false`},
	{"aurora.cloudwatch-log-exports-all", `\["audit", "error", `, `["error", `},
	{"aurora.planned-downtime", `(apply_immediately +)= false`, `$1= true`},
	{"aurora.failover-replica-in-other-az", `promotion_tier +=`, `availability_zone = "a" #`},
	{"aurora.authentication-set-on-cluster", `iam_database_authentication_enabled( +)= true`, `iam_database_authentication_enabled$1= false`},
	{"acm.domain-ownership-must-be-proved", `aws_acm_certificate_validation\.certificate\.certificate_arn`, `aws_acm_certificate.certificate.arn`},
	{"acm.validation-method-immutable", `create_before_destroy = true`, `create_before_destroy = false`},
	{"alb.https-443-forward", `target_group_arn = aws_lb_target_group\.load_balancer\.arn`, `target_group_arn = "none"`},
	{"cloudfront.price-class-includes-asia", `"PriceClass_200"`, `"PriceClass_100"`},
	{"cloudfront.allowed-methods-dynamic", `"PATCH", "POST"`, `"POST"`},
	{"cloudfront.origin-certificate-without-host", `(origin_request_policy_id +)= data\.aws_cloudfront_origin_request_policy\.cdn_host\.id`, `$1= null`},
	{"cloudfront.do-not-forward-google-analytics-cookie", `\["_ga", "_gid"\]`, `["_gid"]`},
	{"cloudwatch-alarm.missing-data", `\? "notBreaching" : "breaching"`, `? "missing" : "missing"`},
	{"cloudwatch-logs.filter-pattern-colon", `ERROR:`, `ERROR`},
	{"cloudwatch-metrics.aurora-cpu-utilization", `(AWS/RDS"(?s:.*?))CPUUtilization `, `${1}CPUCreditBalance `},
	{"cloudwatch-metrics.ecs-cpu-utilization", `(AWS/ECS"(?s:.*?))CPUUtilization `, `${1}CPUReservation `},
	{"cloudwatch-metrics.ecs-running-task-count", `"ECS/ContainerInsights"`, `"AWS/ECS"`},
	{"ecr.hash-tag", `"IMMUTABLE"`, `"MUTABLE"`},
	{"ecs-fargate.task-execution-role-managed-policy", `service-role/AmazonECSTaskExecutionRolePolicy`, `AdministratorAccess`},
	{"ecs-fargate.task-execution-role-distinct-from-task-role", `task_role_arn( +)= aws_iam_role\.service_task\.arn`, `task_role_arn$1= aws_iam_role.service_execution.arn`},
	{"ecs-fargate.tasks-in-private-subnet", `assign_public_ip = false`, `assign_public_ip = true`},
	{"ecs-fargate.maximum-percent", `deployment_maximum_percent( +)= 200`, `deployment_maximum_percent$1= 100`},
	{"ecs-fargate.vpc-endpoint-logs", `"logs", ("ssm")`, `"sqs", $1`},
	{"elasticache-redis.engine-version-not-6-x", `auto_minor_version_upgrade = false`, `auto_minor_version_upgrade = true`},
	{"iam.ecr-lifecycle-policy-needed-in-iac", `type = "expire"`, `type = "keep"`},
	{"rds.maintenance-window-not-weekend", `"(mon|tue):(..:..)-(mon|tue):(..:..)"`, `"sat:$2-sat:$4"`},
	{"s3.alb-log-policy-required", `restrict_public_buckets = true`, `restrict_public_buckets = false`},
	{"security-group.rds-source", `(resource "aws_vpc_security_group_ingress_rule" "database" \{(?s:.*?))referenced_security_group_id = aws_security_group\.service\.id`, `${1}cidr_ipv4 = "10.0.0.0/8"`},
	{"security-group.alb-behind-cloudfront-waf", `(web_acl_id +)= aws_wafv2_web_acl\.waf\.arn`, `$1= null`},
	{"ssm-parameter-store.type", `"SecureString"`, `"String"`},
	{"vpc.private-datastore-subnet-holds-databases", `(subnet_ids +)= aws_subnet\.network_datastore\[\*\]`, `$1= aws_subnet.network_public[*]`},
	{"vpc.cidr-prefix-length", `"10.200.48.0/23"`, `"10.200.48.0/22"`},
	{"waf.managed-rule-count-first", `for_each = rule\.value\.block \? \[\] : \[1\]`, `for_each = []`},
	{"waf.rate-based-window", `evaluation_window_sec( +)= 300`, `evaluation_window_sec$1= 60`},
	{"aurora.param-general-log", `general_log = "1"`, `general_log = "0"`},
	{"aurora.burstable-instance-class", `class = "db\.t4g\.medium"`, `class = "db.r7g.large"`},
	{"aurora.cluster-security-group", `from_port( +)= 3306`, `from_port$1= 0`},
	{"acm.security-policy-known-to-clients", `"TLSv1\.2_2021"`, `"TLSv1"`},
	{"s3.cloudfront-log-public-access", `block_public_acls( +)= true`, `block_public_acls$1= false`},
	{"ecs-fargate.minimum-healthy-percent", `deployment_minimum_healthy_percent = 100`, `deployment_minimum_healthy_percent = 50`},
	{"waf.logging-destination", `"aws-waf-logs-`, `"waf-logs-`},
	{"codebuild.image-tag", `IMAGE_TAG=\$CODEBUILD_RESOLVED_SOURCE_VERSION`, `IMAGE_TAG=latest`},
	{"codedeploy.manual-reroute", `"STOP_DEPLOYMENT"`, `"CONTINUE_DEPLOYMENT"`},
	{"aurora.minor-version-rollout", `Then production`, `Then the rest`},

	// What is still written, but has no effect.
	{"aurora.minor-version-rollout", `(Then production[^\n]*)`, `<!-- $1 -->`},
	{"vpc.min-addresses-alb", `("load balancer" +=) 8 +#`, `$1 1 # "load balancer" = 8:`},
	{"vpc.cidr-no-overlap-between-applications", `length\(local\.network_overlaps\) == 0`, `length(local.network_overlaps) == 0 || true`},
	{"codedeploy.appspec-task-definition-placeholder", `<TASK_DEFINITION>`, "a\n# <TASK_DEFINITION>"},
	{"aurora.param-long-query-time", `var\.database_parameters\)`, `var.database_parameters, { long_query_time = "30" })`},
	{"aurora.planned-downtime", `(apply_immediately +=) false`, `$1 var.name == "never" ? false : true`},
	{"ecr.hash-tag", `"IMMUTABLE"`, `replace("IMMUTABLE", "IM", "")`},
	{"iam.ecr-lifecycle-policy-needed-in-iac", `(resource "aws_ecr_lifecycle_policy" "registry" \{\n)`, "${1}  count = 0\n"},
	{"ecs-fargate.vpc-endpoint-ecr-api", `(resource "aws_vpc_endpoint" "network_interface" \{(?s:.*?)for_each +=) [^\n]*`, `$1 toset([for s in local.network_interface_endpoints : s if s != "ecr.api"])`},
	{"elasticache-redis.port", `(\n  port +=) 6379`, `$1 1 + 6379 # 6379`},
}

// TestTurns holds that what is turned over is told, by the entry that it breaks,
// whatever the comments beside it say.
func TestTurns(t *testing.T) {
	t.Parallel()
	long(t)
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	books, diags := Proofs(cat)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	proofs := books.Of("")
	s, diags := render(t.Context(), cat, "ecs-fargate", proofs, false)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, turn := range turns {
		e, ok := cat.Ledger().Lookup(turn.id)
		if !ok || proofs[turn.id] == nil {
			t.Errorf("%s has no proof", turn.id)
			continue
		}
		if before := judge([]*renderings{s}, e); before.Way > Departed {
			t.Errorf("%s is %s already: %s", turn.id, before.Way, before.Reason)
		}
		at := s.named[key(proofs[turn.id].Options)]
		turned, changed := *s, 0
		turned.rows = slices.Clone(s.rows[:at+1])
		files, from := slices.Clone(s.rows[at].module.Files), regexp.MustCompile(turn.from)
		for i, f := range files {
			if text := from.ReplaceAll(f.Bytes, []byte(turn.to)); string(text) != string(f.Bytes) && !strings.HasPrefix(f.Path, "tests/") {
				files[i] = fileset.File{Path: f.Path, Bytes: text}
				changed++
			}
		}
		account := proof.Account{Values: exampleOf(s.blueprint), Region: resolve.HomeOf(nil).Region()}
		turned.rows[at] = row{module: proof.Load(t.Context(), files, account, guard.Parse, nil), options: s.rows[at].options}
		if changed == 0 {
			t.Errorf("%s: nothing matches %s", turn.id, turn.from)
		}
		if after := judge([]*renderings{&turned}, e); after.Way != Missing || after.Reason == "" {
			t.Errorf("%s: turned over, it is %s still: %v with %s", turn.id, after.Way, after.Places, after.Options)
		}
	}
}

// long skips what takes minutes under the race detector, which -short stands for, and
// runs nothing at once.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes minutes under the race detector: run without -short")
	}
}

// TestMutants holds that every argument that a proof asks for counts: turned over, the
// proof fails.
func TestMutants(t *testing.T) {
	t.Parallel()
	long(t)
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	books, diags := Proofs(cat)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, name := range cat.Blueprints() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, diags := render(t.Context(), cat, name, books.Of(""), false)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			made := turnedOver(t, cat, s)
			t.Logf("%d arguments were turned over", made)
			if made < 15 {
				t.Errorf("only %d arguments were turned over", made)
			}
		})
	}
}

// turnedOver tries each mutant of the proofs that hold in renderings, and returns how
// many there are.
func turnedOver(t *testing.T, cat *catalog.Catalog, s *renderings) int {
	t.Helper()
	kept := memo.NewTexts[*hcl.File](1_000)
	parse := func(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
		return kept.Get(append([]byte(name+"\n"), src...), func() *hcl.File { f, _ := guard.Parse(src, name); return f }), nil
	}
	account := proof.Account{Values: exampleOf(s.blueprint), Region: resolve.HomeOf(nil).Region()}
	made := 0
	for _, id := range slices.Sorted(maps.Keys(s.proofs)) {
		p := s.proofs[id]
		e, _ := cat.Ledger().Lookup(id)
		if p.Waived != "" || s.foreign(p) != "" || s.judge(e, p).Way == Missing {
			continue
		}
		for _, mutant := range s.rows[s.named[key(p.Options)]].module.Mutants(t.Context(), p) {
			made++
			if f := proof.Load(t.Context(), mutant.Files, account, parse, nil).Holds(p); f.Holds {
				t.Errorf("%s: %s:%d: %s.%s: with %s in place of %s the proof holds still", id, mutant.Place.File, mutant.Place.Line, mutant.Object, mutant.Argument, mutant.To, mutant.From)
			}
		}
	}
	return made
}

// TestBuiltIn holds that the built-in blueprints keep the contract.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	r, diags := Take(t.Context(), Input{Catalog: cat})
	for _, d := range diags {
		t.Errorf("%s: %s: %s", d.Subject, d.Summary, d.Detail)
	}
	for _, term := range r.Contract() {
		if !term.Holds {
			t.Errorf("%s: %d of %d, want %s", term.Name, term.Count, term.Of, term.Want)
		}
	}
	for _, e := range r.Entries {
		if e.Way == Missing {
			t.Errorf("%s is missing: %s", e.ID, e.Reason)
		}
	}
	if len(r.Entries) < 300 {
		t.Errorf("only %d entries were looked at", len(r.Entries))
	}
}
