package survey

import (
	"regexp"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// faults are breaks of the built-in blueprint's rendering, in any file of it, and the
// rule that must tell of them; set is an option with its value.
var faults = []struct{ name, rule, set, from, to string }{
	{"no alarm on the CPU of the database", "database-metrics", "", `(AWS/RDS"(?s:.*?)metrics = \{\n)[^\n]*CPUUtilization [^\n]*`, `$1`},
	{"no alarm on the CPU of the tasks", "ecs-metrics", "", `(AWS/ECS"(?s:.*?)metrics = \{\n)[^\n]*CPUUtilization [^\n]*`, `$1`},
	{"another metric of the database", "database-metrics", "", `(AWS/RDS"(?s:.*?))FreeableMemory `, `${1}SwapUsage      `},
	{"running tasks in a wrong namespace", "alarm-metric-name", "", `"ECS/ContainerInsights"`, `"AWS/ECS"`},
	{"running tasks not watched", "ecs-metrics", "", `[^\n]*RunningTaskCount =[^\n]*`, ``},
	{"a metric spelt wrong", "alarm-metric-name", "", `HTTPCode_Target_5XX_Count `, `HTTPCode_TARGET_5XX_Count `},
	{"nothing of the load balancer watched", "load-balancer-metrics", "", `"AWS/ApplicationELB"`, `"AWS/NetworkELB"`},
	{"a date format without backslashes", "awslogs-datetime-format", "", `(awslogs-datetime-format +)= [^ ]+`, `$1= "[%Y-%m-%d]"`},
	{"a date format without backslashes by default", "awslogs-datetime-format", "", `(variable "(?:service_)?log_datetime_format" \{(?s:.*?)default +=) null`, `$1 "[%Y-%m-%d]"`},
	{"another managed policy", "execution-role", "", `service-role/AmazonECSTaskExecutionRolePolicy`, `AmazonS3ReadOnlyAccess`},
	{"the administrator's policy", "execution-role", "", `service-role/AmazonECSTaskExecutionRolePolicy`, `AdministratorAccess`},
	{"the certificate before its validation", "certificate-ownership", "", `(resource "aws_lb_listener" "load_balancer_https" \{(?s:.*?)certificate_arn +=) [^\n]*`, `$1 aws_acm_certificate.certificate.arn`},
	{"the certificate before its validation, at the edge", "certificate-ownership", "", `(acm_certificate_arn +=) aws_acm_certificate_validation\.edge_certificate\.certificate_arn`, `$1 aws_acm_certificate.edge_certificate.arn`},
	{"the default behaviour without Host", "origin-certificate-name", "", `origin_request_policy_id +=[^\n]*aws_cloudfront_origin_request_policy\.(cdn|this)(\[0\])?\.id[^\n]*`, ``},
	{"static files without Host", "origin-certificate-name", "", `origin_request_policy_id +=[^\n]*data\.aws_cloudfront_origin_request_policy\.[^\n]*`, ``},
	{"a policy that leaves Host out", "origin-certificate-name", "", `"Managed-HostHeaderOnly"`, `"Managed-AllViewerExceptHostHeader"`},
	{"a certificate for another domain", "origin-certificate-name", "", `(resource "aws_acm_certificate" "certificate" \{(?s:.*?)domain_name +=) [^\n]*`, `$1 "other.example.com"`},
	{"the Performance Schema off", "performance-schema", "", `performance_schema = "1"`, `performance_schema = "0"`},
	{"the Performance Schema off behind all others", "performance-schema", "", `(\n +var\.(?:database_)?parameters)\)`, `$1, { performance_schema = "OFF" })`},
	{"the Performance Schema left to RDS", "performance-schema", "", `\{ performance_schema = "1" \}`, `{}`},
	{"the Performance Schema off behind a merge", "performance-schema", "", `\{ performance_schema = "1" \}`, `merge({}, { performance_schema = "0" })`},
	{"the database open to a wide range", "database-closed", "", `(resource "aws_vpc_security_group_ingress_rule" "(?:database|this)" \{(?s:[^}]*?))referenced_security_group_id += [^\n]*`, `${1}cidr_ipv4 = "10.0.0.0/8"`},
	{"the database open to the VPC", "database-closed", "", `(resource "aws_vpc_security_group_ingress_rule" "database" \{(?s:[^}]*?))referenced_security_group_id += [^\n]*`, `${1}cidr_ipv4 = aws_vpc.network.cidr_block`},
	{"a pattern without colons", "filter-pattern-colon", "", `ERROR:`, `ERROR`},
	{"a pattern in one spelling", "filter-pattern-case", "", `\?\\"Error:\\" `, ``},
	{"no wait after scaling out", "scale-out-cooldown", "", `(scale_out_cooldown += optional\(number,) 60\)`, `$1 0)`},
	{"one instance", "failover-zones", "", `instances = 2 \}`, `instances = 1 }`},
	{"all instances in one zone", "failover-zones", "", `promotion_tier +=`, "availability_zone = \"eu-west-1a\"\n  promotion_tier ="},
	{"more tasks than addresses", "subnet-addresses", "", `(variable "service_scaling" \{(?s:.*?)max += )[0-9]+ \}`, `${1}200 }`},
	{"an address set of no meaning", "waf-ip-set-meaning", "access=office-only", `(resource "aws_wafv2_ip_set" "[a-z_]+" \{(?s:.*?)name +=) [^\n]*`, `$1 "$${var.name}-allowed"`},
	{"a class that is not burstable", "burstable-class", "", `class = "db\.t4g\.medium"`, `class = "db.r7g.large"`},
	{"no deletion protection by default", "deletion-protection", "", `(variable "(?:database_)?deletion_protection" \{(?s:.*?)default +=) true`, `$1 false`},
	{"a VPC outside the private ranges", "vpc-cidr-private", "", `"10\.200\.48\.0/23"`, `"203.0.112.0/23"`},
	{"endpoints without private DNS", "endpoint-private-dns", "", `(private_dns_enabled +=) true`, `$1 false`},
	{"alarms that notify nobody", "alarm-unheard", "", `\n  alarm_actions = [^\n]*`, ``},
	{"no Container Insights", "container-insights", "", `"containerInsights"`, `"other"`},
	{"a weekend", "maintenance-not-on-weekend", "", `"(mon|tue):(..:..)-(mon|tue):(..:..)"`, `"sat:$2-sat:$4"`},
	{"a parameter in plain text", "parameters-encrypted", "", `"SecureString"`, `"String"`},
}

// flatOnly are faults that need what the nested layout keeps in different modules.
var flatOnly = map[string]string{
	"no alarm on the CPU of the database":                "the metrics and their alarms are in different modules",
	"no alarm on the CPU of the tasks":                   "the metrics and their alarms are in different modules",
	"another metric of the database":                     "the metrics and their alarms are in different modules",
	"running tasks in a wrong namespace":                 "the metrics and their alarms are in different modules",
	"running tasks not watched":                          "the metrics and their alarms are in different modules",
	"a metric spelt wrong":                               "the metrics and their alarms are in different modules",
	"nothing of the load balancer watched":               "the metrics and their alarms are in different modules",
	"the certificate before its validation":              "the listener and the certificate are in different modules",
	"the certificate before its validation, at the edge": "the distribution and the certificate are in different modules",
	"a certificate for another domain":                   "the listener and the certificate are in different modules",
	"the default behaviour without Host":                 "the load balancer and the distribution are in different modules",
	"static files without Host":                          "the load balancer and the distribution are in different modules",
	"a policy that leaves Host out":                      "the load balancer and the distribution are in different modules",
	"an address set of no meaning":                       "its name contains the region, which comes from another module",
	"the Performance Schema left to RDS":                 "RDS does so on some classes, and the template has several engines",
	"the database open to the VPC":                       "the database and the VPC are in different modules",
	"more tasks than addresses":                          "the subnets and what stands in them are in different modules",
	"another managed policy":                             "the role and the task are in different modules",
	"the administrator's policy":                         "the role and the task are in different modules",
}

// TestRulesSeeTheRendering holds that rules are not blind to the forms in which
// blueprints are rendered: loops, merges, maps, local values, defaults of variables.
func TestRulesSeeTheRendering(t *testing.T) {
	t.Parallel()
	long(t)
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	session := generator.NewSession(cat)
	for _, layout := range []link.Layout{link.Flat, link.Nested} {
		made := map[string][]fileset.File{}
		told := map[string][]string{}
		for _, fault := range faults {
			if layout == link.Nested && flatOnly[fault.name] != "" {
				continue
			}
			var in []resolve.Input
			if name, value, ok := strings.Cut(fault.set, "="); ok {
				in = append(in, resolve.Input{Name: name, Value: cty.StringVal(value), Source: "the test"})
			}
			if made[fault.set] == nil {
				res, diags := session.Generate(t.Context(), generator.Request{Blueprint: "ecs-fargate", Inputs: in, Layout: layout})
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				made[fault.set] = res.Files.Files()
				told[fault.set] = rules(t.Context(), made[fault.set], res.Choices)
			}
			files, changed := broken(made[fault.set], fault.from, fault.to)
			if changed == 0 {
				t.Errorf("%s: %s: nothing matches %s", layout, fault.name, fault.from)
				continue
			}
			if count(rules(t.Context(), files, nil), fault.rule) <= count(told[fault.set], fault.rule) {
				t.Errorf("%s: %s: the rule %s is silent", layout, fault.name, fault.rule)
			}
		}
	}
}

// broken returns files with a change in those that Terraform reads, and in how many.
func broken(files []fileset.File, from, to string) ([]fileset.File, int) {
	out, n, pattern := []fileset.File{}, 0, regexp.MustCompile(from)
	for _, f := range files {
		if strings.HasSuffix(f.Path, ".tf") && !strings.HasPrefix(f.Path, "examples/") {
			if text := pattern.ReplaceAll(f.Bytes, []byte(to)); string(text) != string(f.Bytes) {
				f.Bytes = text
				n++
			}
		}
		out = append(out, f)
	}
	return out, n
}

func count(names []string, name string) int {
	n := 0
	for _, x := range names {
		if x == name {
			n++
		}
	}
	return n
}
