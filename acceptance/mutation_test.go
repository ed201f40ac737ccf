package acceptance

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/mutants"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// noteRules are the rules beyond those of the language, which alone may catch a
// mutant: that a variable is no longer used is not why it is wrong.
var noteRules = notes.Rules()

// A mutationSet is a combination of options with what is to be broken in it.
type mutationSet struct {
	name      string
	options   matrix.Row
	mutations []mutation
}

// mutationSets hold every way in which a safe default can be lost that we could
// think of, beside those that follow from the notes. An address is that of the rendered module; a label is the name of
// the component and, for its second object of a type, what tells it apart.
var mutationSets = []mutationSet{
	{"default", nil, []mutation{
		// Network
		set("aws_subnet.network_public", "map_public_ip_on_launch", `true`),
		set("aws_route_table_association.network_app", "route_table_id", `aws_route_table.network_public.id`),
		set("aws_vpc_security_group_ingress_rule.network_endpoints", "cidr_ipv4", `"0.0.0.0/0"`),
		set("aws_flow_log.network", "traffic_type", `"REJECT"`),
		remove("aws_flow_log.network", ""),
		remove("aws_cloudwatch_log_group.network_flow_log", "retention_in_days"),
		set("aws_default_security_group.network", "ingress", `[{ protocol = "-1", from_port = 0, to_port = 0, cidr_blocks = ["0.0.0.0/0"], description = "", ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false }]`),

		// Bucket of the logs
		edit("aws_s3_bucket_policy.logs", "policy", `"Deny"`, `"Allow"`),
		set("aws_s3_bucket_versioning.logs", "versioning_configuration.status", `"Suspended"`),
		set("aws_s3_bucket_lifecycle_configuration.logs", "rule.expiration.days", `1`),
		set("aws_s3_bucket_server_side_encryption_configuration.logs", "rule.apply_server_side_encryption_by_default.sse_algorithm", `"aws:kms"`),
		set("var.log_retention_days", "default", `1`),

		// Edge
		set("aws_acm_certificate.certificate", "validation_method", `"EMAIL"`),
		remove("aws_acm_certificate.edge_certificate", "region"),
		set("aws_cloudfront_distribution.cdn", "default_cache_behavior.viewer_protocol_policy", `"allow-all"`),
		set("aws_cloudfront_distribution.cdn", "ordered_cache_behavior.content.viewer_protocol_policy", `"allow-all"`),
		set("aws_cloudfront_distribution.cdn", "default_cache_behavior.cache_policy_id", `"658327ea-f89d-4fab-a63d-7e88639e58f6"`),
		remove("aws_cloudfront_distribution.cdn", "default_cache_behavior.response_headers_policy_id"),
		remove("aws_cloudfront_distribution.cdn", "web_acl_id"),
		remove("aws_cloudfront_distribution.cdn", "logging_config"),
		set("aws_cloudfront_vpc_origin.cdn", "vpc_origin_endpoint_config.origin_protocol_policy", `"http-only"`),
		set("aws_cloudfront_vpc_origin.cdn", "vpc_origin_endpoint_config.origin_ssl_protocols.items", `["TLSv1"]`),
		remove("aws_wafv2_web_acl.waf", "rule"),
		set("aws_wafv2_web_acl.waf", "rule.statement.rate_based_statement.limit", `2000000`),
		set("var.waf_managed_rule_groups", "default", `{}`),
		remove("aws_wafv2_web_acl_logging_configuration.waf", ""),
		remove("aws_wafv2_web_acl_logging_configuration.waf", "redacted_fields"),

		// Load balancer
		set("aws_lb.load_balancer", "drop_invalid_header_fields", `false`),
		set("aws_lb.load_balancer", "desync_mitigation_mode", `"monitor"`),
		set("aws_lb.load_balancer", "enable_deletion_protection", `false`),
		set("aws_lb_target_group.load_balancer", "health_check.matcher", `"200-499"`),
		rename("aws_vpc_security_group_ingress_rule.load_balancer_cloudfront", "prefix_list_id", "cidr_ipv4", `"0.0.0.0/0"`),

		// Registry
		set("aws_ecr_repository.registry", "image_scanning_configuration.scan_on_push", `false`),
		remove("aws_ecr_lifecycle_policy.registry", ""),

		// Service
		set("aws_ecs_service.service", "deployment_minimum_healthy_percent", `0`),
		set("aws_ecs_service.service", "deployment_circuit_breaker.enable", `false`),
		set("aws_ecs_service.service", "deployment_circuit_breaker.rollback", `false`),
		set("aws_ecs_service.service", "enable_execute_command", `true`),
		set("aws_ecs_service.service", "health_check_grace_period_seconds", `0`),
		set("var.service_readonly_root", "default", `false`),
		set("aws_appautoscaling_target.service", "min_capacity", `var.service_scaling.min`),                                     // A1
		remove("check.service_image", ""),                                                                                       // A1
		set("aws_ecs_service.service", "wait_for_steady_state", `false`),                                                        // B1
		set("aws_ecs_task_definition.service", "skip_destroy", `false`),                                                         // B22
		set("var.service_writable_paths", "default", `{}`),                                                                      // A5
		edit("aws_ecs_task_definition.service", "container_definitions", `, tmpfs = local.service_writable`, ``),                // A5
		edit("aws_iam_role_policy.service_database", "policy", `/app"`, `/*"`),                                                  // A6
		edit("aws_iam_role_policy.service_execution", "policy", `regex\([^\n]*arn\)`, `"*"`),                                    // A6
		edit("aws_ecs_task_definition.service", "container_definitions", `var.service_log_datetime_format`, `"\\[%Y-%m-%d\\]"`), // B12
		remove("aws_cloudwatch_log_group.service", "retention_in_days"),
		set("aws_appautoscaling_target.service", "min_capacity", `1`),
		edit("aws_iam_role_policy.service_execution", "policy", `(Resource\s*=\s*)"[^"]*"`, `${1}"*"`),
		edit("aws_iam_role_policy.service_execution", "policy", `"ssm:GetParameters"`, `"ssm:*"`),
		rename("aws_vpc_security_group_ingress_rule.service_load_balancer", "referenced_security_group_id", "cidr_ipv4", `"0.0.0.0/0"`),
		rename("aws_vpc_security_group_egress_rule.service_endpoints", "referenced_security_group_id", "cidr_ipv4", `"0.0.0.0/0"`),

		// Database
		edit("var.database_size", "default", `instances(\s*=\s*)2`, `instances${1}1`), // no replica
		set("aws_rds_cluster.database", "storage_encrypted", `false`),
		set("aws_rds_cluster.database", "skip_final_snapshot", `true`),
		set("aws_rds_cluster.database", "backup_retention_period", `1`),
		set("aws_rds_cluster.database", "manage_master_user_password", `false`),
		set("aws_rds_cluster.database", "enabled_cloudwatch_logs_exports", `["error"]`),
		edit("aws_rds_cluster_parameter_group.database", "parameter.for_each", `(require_secure_transport\s*=\s*)"ON"`, `${1}"OFF"`),
		edit("aws_rds_cluster_parameter_group.database", "parameter.for_each", `(slow_query_log\s*=\s*)"1"`, `${1}"0"`),
		set("aws_ssm_parameter.database_host", "type", `"String"`),
		remove("aws_cloudwatch_log_group.database", "retention_in_days"),
		rename("aws_vpc_security_group_ingress_rule.database", "referenced_security_group_id", "cidr_ipv4", `"0.0.0.0/0"`),
		set("aws_vpc_security_group_ingress_rule.database", "to_port", `65535`),

		// Cache
		set("aws_elasticache_replication_group.cache", "at_rest_encryption_enabled", `false`),
		set("aws_elasticache_replication_group.cache", "transit_encryption_enabled", `false`),
		rename("aws_vpc_security_group_ingress_rule.cache", "referenced_security_group_id", "cidr_ipv4", `"0.0.0.0/0"`),

		// Operations
		remove("aws_sns_topic.monitoring", "kms_master_key_id"),
		remove("aws_sns_topic.monitoring_edge", "kms_master_key_id"),
		set("aws_kms_key.monitoring", "enable_key_rotation", `false`),
		remove("aws_kms_key.monitoring", "policy"),

		// A rate limit that blocks before anybody looked whom it hits (A9)
		set("var.waf_rate_limit_action", "default", `"block"`),
		set("var.waf_rate_limit", "default", `2000000`),
		// Logs that go with the environment (B4)
		set("aws_s3_bucket.logs", "force_destroy", `true`),
		// A target group that another port replaces (B6)
		remove("aws_lb_target_group.load_balancer", "lifecycle.ignore_changes"),
		set("aws_lb_target_group.load_balancer", "name", `"${var.name}-${var.container_port}"`),
		// Zones that CloudFront does not reach (B7)
		set("var.excluded_zone_ids", "default", `[]`),
		// Names that a second region cannot have (B14)
		edit("aws_iam_role.network_flow_log", "name", `-\$\{data\.aws_region\.current\.id\}`, ``),
		edit("aws_cloudfront_cache_policy.cdn_static", "name", `-\$\{data\.aws_region\.current\.id\}`, ``),
		edit("aws_s3_bucket.logs", "bucket", `-\$\{data\.aws_region\.current\.id\}`, ``),
		set("aws_wafv2_web_acl.waf", "name", `var.name`),
		// Files that stay old, or are stored against the origin's will (B16)
		set("aws_cloudfront_cache_policy.cdn_static", "min_ttl", `1`),
		// Ways out through somebody else's account (B17)
		edit("aws_vpc_endpoint.network_s3", "policy", `, Condition = \{ StringEquals = [^\n]*\}\s*\},`, ` },`),
		set("aws_vpc_endpoint.network_interface", "policy", `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }] })`),
		set("aws_cloudwatch_metric_alarm.monitoring", "alarm_name", `"${var.name}-${each.key}"`), // B21: deployments know them by their names
		set("var.alarm_log_pattern", "default", `"?\"Warning:\" ?\"Error:\""`),                   // C
	}},
	{"public", matrix.Row{"cdn": cty.False, "outbound": cty.StringVal("nat-gateway"), "database": cty.StringVal("aurora-postgresql"), "cache": cty.StringVal("valkey"), "load_balancing": cty.StringVal("weighted_random"), "access": cty.StringVal("office-paths")}, []mutation{
		set("aws_lb_listener.load_balancer_https", "ssl_policy", `"ELBSecurityPolicy-2016-08"`),
		remove("aws_wafv2_web_acl_association.waf", ""),
		set("aws_vpc_security_group_egress_rule.service_internet", "ip_protocol", `"-1"`),
		edit("aws_rds_cluster_parameter_group.database", "parameter.for_each", `(log_connections\s*=)`, `"rds.force_ssl" = "0"
      ${1}`),
		// B3: what repeats the engine's default changes in every plan
		edit("aws_rds_cluster_parameter_group.database", "parameter.for_each", `(log_connections\s*=)`, `"rds.force_ssl" = "1"
      ${1}`),
		set("aws_rds_cluster.database", "storage_encrypted", `false`),
		set("aws_elasticache_replication_group.cache", "transit_encryption_enabled", `false`),
		// Requests by chance that go to sick tasks, too (B9)
		remove("aws_lb_target_group.load_balancer", "load_balancing_anomaly_mitigation"),
		// Offices behind the rate limit (A9), and paths that capital letters open
		remove("aws_wafv2_web_acl.waf", "rule.statement.rate_based_statement.scope_down_statement"),
		edit("aws_wafv2_web_acl.waf", "", `"LOWERCASE"`, `"NONE"`),
	}},
	{"people", matrix.Row{"outbound": cty.StringVal("both"), "execute_command": cty.True, "operator_policies": cty.True, "sidecars": cty.StringVal("both")}, []mutation{
		edit("aws_iam_policy.operators_run_task", "policy", `"ecs:RunTask"`, `"ecs:*"`),
		edit("aws_iam_policy.operators_run_task", "policy", `(Condition\s*=\s*)\{ ArnEquals = .*`, `${1}{}`),
		edit("aws_iam_policy.operators_run_task", "policy", `\[aws_iam_role\.[^\]]*\]`, `["*"]`),
		edit("aws_iam_policy.operators_execute_command", "policy", `\$\$\{aws:userid\}-\*`, `*`),
		edit("aws_ecs_cluster.service", "configuration.execute_command_configuration.logging", `"OVERRIDE"`, `"NONE"`),
		edit("aws_ecs_task_definition.service", "container_definitions", `secrets(\s*=\s*)\[\{ name = "DD_API_KEY".*`, `environment${1}[{ name = "DD_API_KEY", value = "0123" }]`),
		edit("aws_ecs_task_definition.service", "container_definitions", `\{ name = "REDIS_HOST"[^\n]*\n`, ``),
		edit("aws_ecs_task_definition.service", "container_definitions", `"awsfirelens"`, `"fluentd"`),
		set("var.service_log_router_image", "default", `"public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"`),
		set("aws_vpc_security_group_egress_rule.service_internet", "to_port", `65535`),
		edit("aws_iam_policy.operators_execute_command", "policy", `"ssm:TerminateSession" #`, `["ssm:TerminateSession", "ssm:ResumeSession"] #`), // C: the shell of another
		edit("aws_iam_policy.operators_execute_command", "policy", `session/ecs-execute-command-`, `session/x-`),                                  // C
	}},
	{"deliveries", matrix.Row{"deployment": cty.StringVal("codedeploy"), "pipeline": cty.StringVal("codepipeline"), "scheduled_tasks": cty.True}, []mutation{
		edit("aws_iam_role_policy.pipeline", "policy", `, "s3:PutObjectAcl"`, ``),                                                                         // A4
		edit("aws_iam_role_policy.pipeline", "policy", `"s3:GetBucketAcl", `, ``),                                                                         // A4
		edit("aws_codepipeline.pipeline", "", `(TaskDefinitionTemplateArtifact\s*=\s*)"build"`, `${1}"source"`),                                           // A6, A10
		edit("aws_sfn_state_machine.scheduled", "definition", `"TaskDefinition\.\$"(\s*=\s*)"\$\.service\.TaskDefinition"`, `TaskDefinition${1}var.name`), // A10
		edit("aws_codebuild_project.pipeline", "environment.type", `"LINUX_CONTAINER"`, `"ARM_CONTAINER"`),
		edit("aws_sfn_state_machine.scheduled", "definition", `ecs:runTask\.sync`, `ecs:runTask`), // B13: a failure would not be noticed
		edit("aws_iam_role_policy.scheduled_run", "policy", `"[^"]*:task-definition/[^"]*"`, `"*"`),
		edit("aws_iam_role.codedeploy", "assume_role_policy", `(?m)^\s*Condition = .*\n`, ``),     // C
		set("aws_iam_role.codedeploy", "name", `"${var.name}-codedeploy"`),                        // B14
		set("aws_iam_role.pipeline_build", "name", `"${var.name}-build"`),                         // B14
		set("aws_codedeploy_deployment_group.codedeploy", "alarm_configuration.enabled", `false`), // B21
		set("aws_codedeploy_deployment_group.codedeploy", "alarm_configuration.alarms", `[]`),     // B21
	}},
	{"testers", matrix.Row{"deployment": cty.StringVal("codedeploy"), "execute_command": cty.True}, []mutation{
		// A test listener that a tester cannot reach, or through which others come (B5)
		remove("aws_vpc_security_group_egress_rule.load_balancer_test_from_tasks", ""),
		set("aws_vpc_security_group_ingress_rule.load_balancer_test_from_tasks", "to_port", `65535`),
		edit("var.load_balancer_test_cidr_blocks", "", `\^\(10\|`, `^(203|10|`),
	}},
	// A3, A7, B10: what is left after destroy, and what is written down meanwhile
	{"kept", matrix.Row{"database": cty.StringVal("mysql"), "cache": cty.StringVal("none")}, []mutation{
		set("aws_db_instance.database", "kms_key_id", `null`),
		set("aws_db_instance.database", "final_snapshot_identifier", `"${var.name}-db-final"`),
		set("aws_db_instance.database", "delete_automated_backups", `true`),
		set("aws_db_instance.database", "skip_final_snapshot", `true`),
		set("aws_db_option_group.database", "skip_destroy", `false`),
		edit("aws_db_parameter_group.database", "parameter.for_each", `var\.database_log_statements \?`, `false ?`),
		remove("aws_db_parameter_group.database", "parameter"),
		edit("aws_iam_role.database_monitoring", "assume_role_policy", `Condition = .*`, ``),
	}},
	// A proxy in front of the database (B19)
	{"proxy", matrix.Row{"database_proxy": cty.True, "reader_endpoint": cty.True}, []mutation{
		set("aws_db_proxy.database_proxy", "require_tls", `false`),
		set("aws_db_proxy.database_proxy", "debug_logging", `true`),
		set("aws_db_proxy.database_proxy", "default_auth_scheme", `"NONE"`),
		set("aws_db_proxy.database_proxy", "vpc_subnet_ids", `aws_subnet.network_app[*].id`),
		set("aws_db_proxy.database_proxy", "vpc_security_group_ids", `[aws_security_group.database.id]`),
		set("aws_db_proxy_endpoint.database_proxy_reader", "target_role", `"READ_WRITE"`),
		set("var.database_proxy_pool", "default", `{ max_percent = 100 }`),
		set("var.database_proxy_pool", "default", `{ wait_seconds = 120 }`),
		edit("aws_iam_role_policy.database_proxy", "policy", `/app"`, `/*"`),
		edit("aws_iam_role_policy.database_proxy", "policy", `(Resource\s*=\s*)"[^\n]*`, `${1}"*"`),
		edit("aws_iam_role_policy.database_proxy", "policy", `"rds-db:connect"`, `"rds-db:*"`),
		edit("aws_iam_role_policy.service_database", "policy", `/app"`, `/*"`),
		remove("aws_cloudwatch_log_group.database_proxy", "retention_in_days"),
		set("aws_cloudwatch_log_group.database_proxy", "name", `"/aws/rds/proxy/${var.name}"`),
		set("aws_ssm_parameter.database_proxy_host", "type", `"String"`),
		set("aws_ssm_parameter.database_proxy_host", "value", `aws_rds_cluster.database.endpoint`),
		rename("aws_vpc_security_group_ingress_rule.database_proxy", "referenced_security_group_id", "cidr_ipv4", `"10.0.0.0/16"`),
		set("aws_vpc_security_group_ingress_rule.database_proxy", "to_port", `65535`),
		set("aws_vpc_security_group_ingress_rule.database_proxy", "referenced_security_group_id", `aws_security_group.load_balancer.id`),
		set("aws_vpc_security_group_ingress_rule.database_proxy_database", "security_group_id", `aws_security_group.database_proxy.id`),
		set("aws_vpc_security_group_ingress_rule.database_proxy_database", "referenced_security_group_id", `aws_security_group.service.id`),
		rename("aws_vpc_security_group_egress_rule.database_proxy_database", "referenced_security_group_id", "cidr_ipv4", `"0.0.0.0/0"`),
		edit("aws_ecs_task_definition.service", "container_definitions", `aws_ssm_parameter\.database_proxy_host`, `aws_ssm_parameter.database_host`),
		edit("aws_iam_role_policy.service_database", "policy", `\$\{regex\([^\n]*arn\)\}`, `${aws_rds_cluster.database.cluster_resource_id}`),
	}},
	{"proxy with a password", matrix.Row{"database_proxy": cty.True, "database_auth": cty.StringVal("secret"), "database": cty.StringVal("postgresql")}, []mutation{
		edit("aws_iam_role_policy.database_proxy", "policy", `(Resource\s*=\s*)[^\n]*`, `${1}"*"`),
		edit("aws_iam_role_policy.database_proxy", "policy", `(Resource\s*=\s*)[^\n]*`, `${1}"arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf"`),
		edit("aws_iam_role_policy.database_proxy", "policy", `"secretsmanager:GetSecretValue"`, `"secretsmanager:*"`),
		set("aws_db_proxy.database_proxy", "auth.secret_arn", `"arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf"`),
		set("aws_db_proxy.database_proxy", "require_tls", `false`),
		set("aws_secretsmanager_secret.database_proxy_user", "recovery_window_in_days", `30`),
	}},
	// A network of others
	{"given network", matrix.Row{"network": cty.StringVal("existing"), "internal_services": cty.True, "outbound": cty.StringVal("both")}, []mutation{
		set("aws_vpc_security_group_ingress_rule.service_endpoints", "security_group_id", `aws_security_group.service.id`),
		set("aws_vpc_security_group_ingress_rule.service_endpoints", "to_port", `65535`),
		set("aws_vpc_security_group_ingress_rule.internal_endpoints", "security_group_id", `aws_security_group.internal.id`),
		edit("var.network", "", `length\(distinct\(var\.network\.app_subnet_ids\)\) >= 2`, `length(var.network.app_subnet_ids) >= 2`),
		edit("var.network", "", `var\.network\.endpoint_security_group_id != null`, `true`),
	}},
}

// atLeast is how many mutants must be noticed in all.
const atLeast = 160

// TestMutations breaks the rendered module in one place at a time and requires
// that a rule of vet or a test that the module ships notices.
func TestMutations(t *testing.T) {
	harness.Live(t)
	core := harness.Either(t)
	provider := harness.SchemaAWS(t, core, "6")
	ledger, err := readProofs()
	if err != nil {
		t.Fatal(err)
	}
	table, notes := &score{what: "by hand"}, &score{what: "by the notes", listed: map[string]bool{}}
	var tried atomic.Int64
	sets := allSets(t, ledger)
	t.Cleanup(func() {
		whole := int(tried.Load()) == len(sets)
		table.report(t, whole)
		notes.report(t, whole)
		if n := table.vet + table.tests; whole && n < atLeast {
			t.Errorf("only %d mutants by hand were noticed, of %d wanted", n, atLeast)
		}
	})
	for _, s := range sets {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			tried.Add(1)
			dir := harness.WorkDir(t)
			result := render(t, dir, "ecs-fargate", link.Flat, s.options)
			files := result.Files.Files()
			if by := caughtByVet(files); by != "" {
				t.Fatalf("vet finds something without a mutation: %s", by)
			}
			trials := ledger.mutants(t, s.options, result)
			trials = append(s.byHand(t, files, trials), trials...)
			left := slices.DeleteFunc(slices.Clone(trials), func(tr *trial) bool { tr.vet = caughtByVet(replaced(files, tr.file)); return tr.vet != "" })
			newWitness(t, core, provider, dir, files).try(t, left)
			for _, tr := range trials {
				t.Run(strings.ReplaceAll(tr.name, "/", "|"), func(t *testing.T) {
					if len(tr.entries) > 0 {
						notes.judge(t, tr)
					} else {
						table.judge(t, tr)
					}
				})
			}
		})
	}
}

// A trial is a mutant and what came of it.
type trial struct {
	name    string
	file    fileset.File
	entries []string // of the notes, where it follows from them
	value   string   // object and argument that it follows from
	mutant  *mutants.Mutant
	vet     string // what vet says of it
	refused string // why it is no module
}

// byHand returns the mutations of the table, which may not be those of the notes.
func (s mutationSet) byHand(t *testing.T, files []fileset.File, notes []*trial) []*trial {
	t.Helper()
	var out []*trial
	for _, m := range s.mutations {
		file, err := m.apply(files)
		if err != nil {
			t.Errorf("the mutation does not fit the rendered code any more: %v", err)
			continue
		}
		if slices.ContainsFunc(notes, func(tr *trial) bool { return bytes.Equal(hclwrite.Format(tr.file.Bytes), file.Bytes) }) {
			t.Errorf("%s follows from the notes: it need not stand in the table", m)
		}
		out = append(out, &trial{name: m.String(), file: file})
	}
	return out
}

// replaced returns the files with one exchanged.
func replaced(files []fileset.File, file fileset.File) []fileset.File {
	files = slices.Clone(files)
	for i := range files {
		if files[i].Path == file.Path {
			files[i] = file
		}
	}
	return files
}

// caughtByVet returns the first finding of one of the noteRules, or one that a
// shipped test refers to what is gone.
func caughtByVet(files []fileset.File) string {
	ids := map[string]bool{}
	for _, r := range noteRules {
		ids[r.ID()] = true
	}
	for _, d := range vet.Run(context.Background(), files, vet.Options{Formatted: true, Rules: noteRules}).Findings {
		f, ok := vet.FindingOf(d)
		if ok && d.Subject != nil && (ids[f.Rule.ID()] || strings.HasPrefix(d.Subject.Filename, "tests/")) {
			return fmt.Sprintf("%s: %s", f.Rule.ID(), d.Summary)
		}
	}
	return ""
}
