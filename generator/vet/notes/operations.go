package notes

import (
	"regexp"
	"slices"
	"strings"
)

const (
	logsDocs    = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
	metricsDocs = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
)

// operations are the rules about logs, metrics and alarms.
var operations = []*rule{
	{
		id: "log-stream-per-group", severity: advice, title: "Several logs in one log group",
		why:   "Filters, retention and permissions apply to a log group, so each log should have its own.",
		notes: []string{"cloudwatch-logs.one-stream-per-group"}, link: logsDocs + "Working-with-log-groups-and-streams.html",
		check: func(f *finder) {
			for _, g := range f.of("aws_cloudwatch_log_group") {
				if streams := g.users("aws_cloudwatch_log_stream", "log_group_name"); len(streams) > 1 && !g.repeated() {
					f.find(streams[1].rng, "%s is another stream of %s. Give each log its own group.", streams[1].name(), g.name())
				}
			}
		},
	},
	{
		id: "filter-pattern-or-exclude", defaults: true, severity: fault, title: "Filter pattern with ignored alternatives",
		why:   "Alternatives (?term) have no effect together with an excluded term (-term).",
		notes: []string{"cloudwatch-logs.no-or-with-exclude"}, link: logsDocs + "FilterAndPatternSyntax.html",
		check: each(filters, matches("pattern", func(s string) bool {
			terms := termsOf(s)
			return slices.ContainsFunc(terms, func(t string) bool { return strings.HasPrefix(t, "?") }) && slices.ContainsFunc(terms, func(t string) bool { return strings.HasPrefix(t, "-") })
		}), "The pattern of %s has both ?term and -term; CloudWatch ignores the alternatives. Use a regular expression between % signs, or two filters."),
	},
	{
		id: "filter-pattern-case", defaults: true, severity: advice, title: "Filter pattern that misses other spellings",
		why:   "Patterns are case-sensitive: ERROR does not find Error or error.",
		notes: []string{"cloudwatch-logs.filter-pattern-case"}, link: logsDocs + "FilterAndPatternSyntax.html",
		check: each(filters, matches("pattern", func(s string) bool {
			have := map[string]bool{}
			for _, l := range levelsOf(s) {
				have[l] = true
			}
			for l := range have {
				low := strings.ToLower(l)
				if !have[strings.ToUpper(low)] || !have[strings.ToUpper(low[:1])+low[1:]] {
					return true
				}
			}
			return false
		}), "List the spellings in the pattern of %s (?ERROR: ?Error:), or use a regular expression between % signs."),
	},
	{
		id: "filter-pattern-colon", defaults: true, severity: advice, title: "Filter pattern that matches file names",
		why:   "Followed by a colon, a level cannot match part of a file or method name.",
		notes: []string{"cloudwatch-logs.filter-pattern-colon"}, link: logsDocs + "FilterAndPatternSyntax.html",
		check: each(filters, matches("pattern", func(s string) bool {
			return slices.ContainsFunc(termsOf(s), func(t string) bool { return isLevel(bare(t)) })
		}), "Write the levels in the pattern of %s with the colon that follows them in the log, such as ERROR:."),
	},
	{
		id: "alarm-metric-name", defaults: true, severity: fault, title: "Alarm on a metric that does not exist",
		why:   "Names of metrics are case-sensitive; an alarm on a wrong name never receives data.",
		notes: []string{"cloudwatch-metrics.ecs-running-task-count"}, about: []string{"cloudwatch-metrics.alb-target-4xx", "cloudwatch-metrics.alb-target-5xx"}, link: balancerDocs + "load-balancer-cloudwatch-metrics.html",
		check: misnamed,
	},
	{
		id: "alarm-unheard", severity: advice, title: "Alarm that notifies nobody",
		why:   "An alarm without an action changes its state, and nobody learns of it.",
		notes: []string{"chatbot.cloudwatch-sns-chatbot"}, link: metricsDocs + "AlarmThatSendsEmail.html",
		check: func(f *finder) {
			if len(f.everywhere("aws_cloudwatch_composite_alarm")) > 0 {
				return // which may be what notifies
			}
			each("aws_cloudwatch_metric_alarm", both(watches, either(is("actions_enabled", "false"), absent("alarm_actions", "insufficient_data_actions"))),
				"%s has no action. Set alarm_actions to the ARN of an SNS topic.")(f)
		},
	},
	{
		id: "status-check-missing-data", severity: mend, title: "Alarm that misses a stopped instance",
		why:   "A stopped instance publishes no status checks, so missing data must count as a failure.",
		about: []string{"cloudwatch-metrics.ec2-status-check-failed-instance"}, link: metricsDocs + "AlarmThatSendsEmail.html",
		check: each("aws_cloudwatch_metric_alarm", both(is("namespace", "AWS/EC2"), is("metric_name", "StatusCheckFailed_Instance", "StatusCheckFailed"), either(absent("treat_missing_data"), isNot("treat_missing_data", "breaching"))),
			"%s does not fire when the instance is stopped. Set treat_missing_data = \"breaching\"."),
	},
	{
		id: "latency-in-milliseconds", severity: mend, title: "Latency in the wrong unit",
		why:   "API Gateway reports latency in milliseconds; a threshold in microseconds is never reached.",
		about: []string{"cloudwatch-metrics.api-gateway-latency", "cloudwatch-metrics.api-gateway-integration-latency"}, link: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html",
		check: each("aws_cloudwatch_metric_alarm", both(is("namespace", "AWS/ApiGateway"), is("metric_name", "Latency", "IntegrationLatency"), number("threshold", func(n float64) bool { return n >= 300_000 })),
			"The threshold of %s is beyond five minutes, which is longer than any request. Write it in milliseconds."),
	},
	{
		id: "performance-schema", defaults: true, severity: mend, title: "Performance Insights without the Performance Schema",
		why:   "With the Performance Schema switched off, Performance Insights shows no waits or statements.",
		notes: []string{"cloudwatch-metrics.performance-schema"}, link: auroraDocs + "USER_PerfInsights.EnableMySQL.html",
		check: performanceSchema,
	},
	{
		id: "sms-number", defaults: true, severity: fault, title: "SMS subscription without a phone number",
		why:   "SNS sends text messages to phone numbers in international form only.",
		notes: []string{"sns.sms-phone-number"}, link: "https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-phone-number-as-subscriber.html",
		check: each("aws_sns_topic_subscription", both(is("protocol", "sms"), matches("endpoint", func(s string) bool { return !phoneNumber.MatchString(s) })),
			"The endpoint of %s is not a phone number. Write one with its country code, such as +819012345678."),
	},
	watch("load-balancer-metrics", "load balancers", "AWS/ApplicationELB", "alb-healthy-host-count", "alb-elb-4xx", "alb-elb-5xx", "alb-target-4xx", "alb-target-5xx", "alb-rejected-connection-count", "alb-target-connection-error-count", "alb-target-tls-negotiation-error-count"),
	watch("api-gateway-metrics", "API Gateway", "AWS/ApiGateway", "api-gateway-integration-latency", "api-gateway-latency", "api-gateway-4xx-error", "api-gateway-5xx-error"),
	watch("instance-metrics", "instances", "AWS/EC2", "ec2-status-check-failed-instance", "ec2-status-check-failed-system"),
	watch("ecs-metrics", "ECS", "AWS/ECS", "ecs-cpu-utilization", "ecs-memory-utilization", "ecs-running-task-count"),
	watch("database-metrics", "databases", "AWS/RDS", "aurora-cpu-utilization", "aurora-database-connections", "aurora-freeable-memory", "aurora-engine-uptime", "rds-cpu-utilization", "rds-database-connections", "rds-freeable-memory"),
}

func within(t thing, path string) []thing {
	out, _ := t.within(path)
	return out
}

// watches is true for an alarm on a metric of its own, as far as the code says.
var watches = either(given("metric_name"), given("metric_query"))

// performanceSchema finds parameter groups that switch the Performance Schema off, and
// those that leave it to AWS where AWS does not turn it on.
func performanceSchema(f *finder) {
	if len(f.everywhere("aws_rds_cluster_instance aws_db_instance aws_rds_cluster")) == 0 {
		return
	}
	each("aws_db_parameter_group aws_rds_cluster_parameter_group", inside("parameter", both(is("name", "performance_schema"), is("value", "0", "OFF", "off"))),
		"%s switches performance_schema off. Set it to 1 with apply_method = \"pending-reboot\", or leave it out: AWS then turns it on by itself, though not on db.t4g.medium.")(f)
	unmanaged := both(is("performance_insights_enabled", "true"), is("instance_class", "db.t4g.medium"))
	for _, i := range f.of("aws_rds_cluster_instance") {
		if _, yes := unmanaged(i); !yes {
			continue
		}
		clusters, _ := i.reach("cluster_identifier", "aws_rds_cluster")
		for _, c := range clusters {
			if c.text("engine") == "aurora-mysql" {
				f.withoutSchema(c, "db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group")
			}
		}
	}
	for _, i := range f.of("aws_db_instance") {
		if _, yes := unmanaged(i); yes && among("mysql", "mariadb")(i.text("engine")) {
			f.withoutSchema(i, "parameter_group_name", "aws_db_parameter_group")
		}
	}
}

// withoutSchema finds a database's parameter group that says nothing of the
// Performance Schema.
func (f *finder) withoutSchema(database thing, path, typ string) {
	groups, _ := database.reach(path, typ)
	for _, g := range groups {
		parameters, open := g.blocks("parameter")
		if !open && !slices.ContainsFunc(parameters, func(p thing) bool { return p.text("name") == "" || p.text("name") == "performance_schema" }) {
			f.find(g.rng, "%s leaves performance_schema to AWS, which does not turn it on for the class db.t4g.medium of %s. Set it to 1 with apply_method = \"pending-reboot\".", g.name(), database.name())
		}
	}
}

var phoneNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// filters are the resources with a filter pattern.
const filters = "aws_cloudwatch_log_metric_filter aws_cloudwatch_log_subscription_filter"

// termsOf returns the terms of a pattern for plain text; there are none in one
// for JSON or columns, or in a regular expression.
func termsOf(pattern string) []string {
	p := strings.TrimSpace(pattern)
	if p == "" || strings.ContainsAny(p[:1], "{[%") {
		return nil
	}
	return strings.Fields(p)
}

// bare takes the signs around a term away.
func bare(term string) string { return strings.Trim(strings.TrimLeft(term, "?-"), `"`) }

// levelsOf returns the levels that a pattern looks for, without their colons.
func levelsOf(pattern string) []string {
	var out []string
	for _, t := range termsOf(pattern) {
		if l := strings.TrimSuffix(bare(t), ":"); isLevel(l) {
			out = append(out, l)
		}
	}
	return out
}

func isLevel(s string) bool {
	return among("fatal", "error", "warn", "warning", "critical", "emergency", "alert", "severe")(strings.ToLower(s))
}
