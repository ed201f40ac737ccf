package cost

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/lang"
)

// An instance is one instance of a resource, whose arguments can be asked for.
type instance struct {
	*estimator
	*resource
	extra map[string]cty.Value // each or count
	share *share               // what it needs goes here
}

// add adds so many of something to an item. Kind says what is counted where an
// item has several, "" where its name says so.
func (i instance) add(item, kind, price string, number float64) {
	if number != 0 {
		i.share.needs = append(i.share.needs, need{item, kind, price, number})
	}
}

// priced says by type how a resource is billed for being there. False means that
// the code does not say how much.
var priced = map[string]func(instance) bool{
	"aws_ecs_service":                   instance.fargate,
	"aws_vpc_endpoint":                  instance.endpoint,
	"aws_lb":                            instance.loadBalancer,
	"aws_rds_cluster":                   instance.managedSecret,
	"aws_rds_cluster_instance":          instance.auroraInstance,
	"aws_db_instance":                   instance.rdsInstance,
	"aws_instance":                      instance.server,
	"aws_db_proxy":                      instance.proxy,
	"aws_db_proxy_endpoint":             instance.proxyEndpoint,
	"aws_elasticache_replication_group": instance.cache,
	"aws_wafv2_web_acl":                 instance.webACL,
	"aws_codepipeline":                  instance.pipeline,
}

// fixed says by type under which item and price a resource is billed whose arguments
// change nothing about it.
var fixed = map[string]struct{ item, price string }{
	"aws_nat_gateway":                        {"NAT gateways", "nat-gateway"},
	"aws_eip":                                {"Public IPv4 addresses", "public-ipv4"},
	"aws_kms_key":                            {"KMS keys", "kms-key"},
	"aws_secretsmanager_secret":              {"Secrets", "secret"},
	"aws_cloudwatch_metric_alarm":            {"Alarms", "alarm"},
	"aws_cloudwatch_dashboard":               {"Dashboards", "dashboard"},
	"aws_route53_zone":                       {"Hosted zones", "hosted-zone"},
	"aws_ec2_transit_gateway_vpc_attachment": {"Transit gateway attachments", "transit-gateway-attachment"},
	"aws_vpn_connection":                     {"VPN connections", "vpn-connection"},
}

// byUse names, by type, the services that bill what is used alone.
var byUse = map[string]string{
	"aws_cloudfront_distribution": "CloudFront (requests and traffic)",
	"aws_cloudtrail":              "CloudTrail (data events, and a second copy of management events)",
	"aws_cloudwatch_log_group":    "CloudWatch Logs (gigabytes ingested and stored)",
	"aws_codebuild_project":       "CodeBuild (minutes)",
	"aws_codepipeline":            "CodePipeline (minutes)",
	"aws_ec2_transit_gateway":     "Transit Gateway (gigabytes)",
	"aws_ecr_repository":          "ECR (gigabytes of images)",
	"aws_efs_file_system":         "EFS (gigabytes stored, read and written)",
	"aws_ecs_cluster":             "Container Insights (metrics and logs)",
	"aws_flow_log":                "VPC flow logs (gigabytes ingested)",
	"aws_instance":                "EBS (gigabytes)",
	"aws_lb":                      "Elastic Load Balancing (capacity units)",
	"aws_nat_gateway":             "NAT (gigabytes)",
	"aws_rds_cluster":             "Aurora (storage, requests and backups)",
	"aws_route53_record":          "Route 53 (queries)",
	"aws_s3_bucket":               "S3 (storage and requests)",
	"aws_scheduler_schedule":      "EventBridge Scheduler (calls and the tasks they start)",
	"aws_sfn_state_machine":       "Step Functions (steps)",
	"aws_sns_topic":               "SNS (messages)",
	"aws_sqs_queue":               "SQS (messages)",
	"aws_vpc_endpoint":            "VPC endpoints (gigabytes)",
	"aws_wafv2_web_acl":           "WAF (requests)",
}

// free lists the beginnings of types that cost nothing by themselves: they
// configure something else.
var free = []string{
	"aws_acm_", "aws_api_gateway_account", "aws_appautoscaling_", "aws_chatbot_", "aws_cloudfront_", "aws_cloudwatch_event_", "aws_cloudwatch_log_", "aws_cloudwatch_query_definition",
	"aws_codeconnections_", "aws_codedeploy_", "aws_codestarconnections_", "aws_db_option_group", "aws_db_parameter_group", "aws_db_proxy_", "aws_db_subnet_group",
	"aws_customer_gateway", "aws_default_", "aws_ec2_transit_gateway_vpc_attachment_accepter", "aws_ram_", "aws_vpn_gateway", "aws_ebs_encryption_by_default", "aws_ebs_snapshot_block_public_access", "aws_ec2_instance_metadata_defaults", "aws_ecs_cluster_capacity_providers", "aws_ecs_task_definition", "aws_efs_", "aws_elasticache_parameter_group",
	"aws_elasticache_subnet_group", "aws_elasticache_user", "aws_iam_", "aws_internet_gateway", "aws_kms_alias", "aws_lb_", "aws_network_acl",
	"aws_rds_cluster_parameter_group", "aws_route", "aws_s3_account_public_access_block", "aws_s3_bucket_", "aws_scheduler_schedule_group", "aws_security_group", "aws_service_discovery_", "aws_sns_topic_",
	"aws_ssm_parameter", "aws_subnet", "aws_vpc", "aws_wafv2_", "terraform_data",
}

// joins lists the ends of types that only say what others do or belong to, and charged
// the beginnings of such types that are billed all the same.
var (
	joins   = []string{"_policy", "_attachment", "_association"}
	charged = []string{"aws_dx_", "aws_ec2_client_vpn_", "aws_ec2_transit_gateway_", "aws_fms_", "aws_networkmanager_", "aws_vpclattice_"}
)

// costsNothing says whether a type is known to be free.
func costsNothing(typ string) bool {
	begins := func(prefix string) bool { return strings.HasPrefix(typ, prefix) }
	ends := func(suffix string) bool { return strings.HasSuffix(typ, suffix) }
	return slices.ContainsFunc(free, begins) || slices.ContainsFunc(joins, ends) && !slices.ContainsFunc(charged, begins)
}

// resource adds what one resource block costs.
func (e *estimator) resource(r *resource) {
	use, isUsed := byUse[r.typ]
	if isUsed {
		e.byUse[use] = true
	}
	_, isFixed := fixed[r.typ]
	switch {
	case isFixed || priced[r.typ] != nil:
		s := e.share(r)
		for _, n := range s.needs {
			e.add(n)
		}
		if !s.whole {
			e.unpriced[r.typ+"."+r.name+" (the amount depends on values set at apply)"] = true
		}
	case !isUsed && !costsNothing(r.typ):
		e.unpriced[r.typ] = true
	}
}

// share works out what a resource block needs, or finds it among what was kept.
func (e *estimator) share(r *resource) share {
	if s, _, ok := e.kept.shares.find(e.module, r.text); ok {
		return s
	}
	s := share{}
	read := e.framed(func() {
		if f, ok := fixed[r.typ]; ok {
			var n int
			n, s.whole = e.number(r)
			s.needs = slices.Repeat([]need{{f.item, "", f.price, 1}}, n)
			return
		}
		all, ok := e.instances(r)
		for _, extra := range all {
			ok = priced[r.typ](instance{e, r, extra, &s}) && ok
		}
		s.whole = ok
	}).reads
	if e.budget.Fault() == nil { // what ended early is no result
		e.kept.shares.keep(e.module, r.text, read, s)
	}
	return s
}

// get evaluates an argument; one that is not there is null.
func (i instance) get(name string) cty.Value {
	if a := i.body.Attributes[name]; a != nil {
		return i.value(a.Expr, i.extra)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func (i instance) text(name string) (string, bool) {
	v := i.get(name)
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}

// is says whether an argument is known to be true.
func (i instance) is(name string) bool {
	v := i.get(name)
	return v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.True()
}

// size returns the length of a collection, also of one of unknown members.
func (i instance) size(name string) (float64, bool) {
	v := i.get(name)
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return 0, false
	}
	return float64(v.LengthInt()), true
}

// fargate prices the tasks of a service by the size in its task definition.
func (i instance) fargate() bool {
	tasks, ok := number(i.get("desired_count"))
	def, found := i.taskDefinition()
	if !ok || !found {
		return false
	}
	cpu, one := number(def.get("cpu"))
	memory, two := number(def.get("memory"))
	if !one || !two {
		return false
	}
	arm := ""
	for _, b := range def.body.Blocks {
		if a := b.Body.Attributes["cpu_architecture"]; b.Type == "runtime_platform" && a != nil {
			if v := i.value(a.Expr, i.extra); v.RawEquals(cty.StringVal("ARM64")) {
				arm = "arm-"
			}
		}
	}
	const item = "Fargate tasks, at the initial number"
	i.add(item, "virtual CPU", "fargate-"+arm+"vcpu", tasks*cpu/1024)
	i.add(item, "GB", "fargate-"+arm+"gb", tasks*memory/1024)
	return true
}

// taskDefinition returns the task definition that a service refers to, in the
// instance with the same key.
func (i instance) taskDefinition() (instance, bool) {
	a := i.body.Attributes["task_definition"]
	if a == nil {
		return i, false
	}
	for _, ref := range lang.Variables(a.Expr) {
		if ref.RootName() != "aws_ecs_task_definition" || len(ref) < 2 {
			continue
		}
		if r := i.resourceOf(ref.RootName(), attribute(ref)); r != nil {
			return instance{i.estimator, r, i.extra, i.share}, true
		}
	}
	return i, false
}

const interfaceEndpoints = "Interface endpoints, one address in each zone"

func (i instance) endpoint() bool {
	kind, ok := i.text("vpc_endpoint_type")
	if kind != "Interface" {
		return ok || i.get("vpc_endpoint_type").IsNull() // a gateway is free
	}
	zones, ok := i.size("subnet_ids")
	i.add(interfaceEndpoints, "", "interface-endpoint", zones)
	return ok
}

func (i instance) loadBalancer() bool {
	i.add("Load balancers", "", "load-balancer", 1)
	if i.is("internal") {
		return true
	}
	zones, ok := i.size("subnets")
	i.add("Public IPv4 addresses", "", "public-ipv4", zones)
	return ok
}

// managedSecret prices the secret in which RDS keeps a password.
func (i instance) managedSecret() bool {
	if i.is("manage_master_user_password") {
		i.add("Secrets", "", "secret", 1)
	}
	return true
}

func (i instance) auroraInstance() bool {
	class, ok := i.text("instance_class")
	if class == "db.serverless" {
		return i.serverless()
	}
	if ok {
		i.add("Database instances", class, "aurora "+class, 1)
	}
	return ok
}

// serverless prices the capacity that an instance has at least.
func (i instance) serverless() bool {
	for r := range i.allOf("aws_rds_cluster") {
		for _, b := range r.body.Blocks {
			a := b.Body.Attributes["min_capacity"]
			if b.Type != "serverlessv2_scaling_configuration" || a == nil {
				continue
			}
			if least, ok := number(i.value(a.Expr, nil)); ok {
				i.add("Database instances", "capacity unit, at least", "aurora-capacity-unit", least)
				return true
			}
		}
	}
	return false
}

func (i instance) rdsInstance() bool {
	class, ok := i.text("instance_class")
	if !ok {
		return false
	}
	copies := 1.0
	if i.is("multi_az") {
		copies = 2
	}
	i.add("Database instances", class, "rds "+class, copies)
	i.managedSecret()
	gigabytes, known := number(i.get("allocated_storage"))
	i.add("Database storage, in GB", "", "rds-storage-gp3", copies*gigabytes)
	return known
}

// proxy prices RDS Proxy, which is billed by the virtual CPUs of the instances
// behind it: here, all that the module has.
func (i instance) proxy() bool {
	found := false
	for _, r := range slices.Concat(slices.Collect(i.allOf("aws_rds_cluster_instance")), slices.Collect(i.allOf("aws_db_instance"))) {
		all, ok := i.instances(r)
		if !ok {
			return false
		}
		for _, extra := range all {
			class, known := instance{i.estimator, r, extra, i.share}.text("instance_class")
			if !known || !i.proxied(class) {
				return false
			}
			found = true
		}
	}
	return found
}

// leastProxied is how many capacity units AWS bills for at least where a proxy
// stands before Aurora Serverless.
const leastProxied = 8

// proxied prices the share of a proxy that one instance behind it makes up.
func (i instance) proxied(class string) bool {
	const item = "Database proxy"
	if class == "db.serverless" {
		i.add(item, "capacity unit, at least", "db-proxy-capacity-unit", leastProxied)
		return true
	}
	cpus, ok := virtualCPUs(class)
	i.add(item, "virtual CPU", "db-proxy-vcpu", cpus)
	return ok
}

// virtualCPUs tells from the name of a class of databases how many it has.
func virtualCPUs(class string) (float64, bool) {
	size := class[strings.LastIndex(class, ".")+1:]
	switch size {
	case "micro", "small", "medium", "large":
		return 2, true
	case "xlarge":
		return 4, true
	}
	times, err := strconv.Atoi(strings.TrimSuffix(size, "xlarge"))
	return float64(4 * times), err == nil && strings.HasSuffix(size, "xlarge")
}

// proxyEndpoint prices an endpoint beside the one that a proxy has anyway, which
// is billed like an interface endpoint.
func (i instance) proxyEndpoint() bool {
	zones, ok := i.size("vpc_subnet_ids")
	i.add(interfaceEndpoints, "", "interface-endpoint", zones)
	return ok
}

func (i instance) cache() bool {
	node, ok := i.text("node_type")
	engine, known := i.text("engine")
	nodes, flat := number(i.get("num_cache_clusters"))
	if !flat {
		shards, one := number(i.get("num_node_groups"))
		replicas, two := number(i.get("replicas_per_node_group"))
		if !one || !two {
			return false
		}
		nodes = shards * (replicas + 1)
	}
	if ok && known {
		i.add("Cache nodes", node, engine+" "+node, nodes)
	}
	return ok && known
}

func (i instance) server() bool {
	typ, ok := i.text("instance_type")
	if ok {
		i.add("Instances", typ, "ec2 "+typ, 1)
	}
	return ok
}

func (i instance) webACL() bool {
	rules, ok := 0.0, true
	for _, b := range i.body.Blocks {
		switch {
		case b.Type == "rule":
			rules++
		case b.Type == "dynamic" && b.Labels[0] == "rule":
			v := i.value(forEach(b), i.extra)
			if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
				ok = false
				continue
			}
			rules += float64(v.LengthInt())
		}
	}
	i.add("WAF", "web ACL", "web-acl", 1)
	i.add("WAF", "rule", "web-acl-rule", rules)
	return ok
}

func forEach(b *hclsyntax.Block) hclsyntax.Expression {
	if a := b.Body.Attributes["for_each"]; a != nil {
		return a.Expr
	}
	return nil
}

// pipeline prices a pipeline of the first type; the second is billed by minutes.
func (i instance) pipeline() bool {
	if kind, ok := i.text("pipeline_type"); !ok || kind == "V1" {
		i.add("Pipelines", "", "pipeline-v1", 1)
	}
	return true
}
