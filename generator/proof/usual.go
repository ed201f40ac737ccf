package proof

import "strings"

// usual returns values that AWS takes for an argument beside those that the notes
// ask for; without one that is known a mutant has a text that AWS would refuse.
func usual(typ, argument string) []string {
	if of, ok := otherValues[typ+"."+argument]; ok {
		return of
	}
	return otherValues[argument[strings.LastIndexByte(argument, '.')+1:]]
}

// otherValues are such values by type and path, or by the argument's name alone.
var otherValues = map[string][]string{
	"action_on_timeout":  {"CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT"},
	"aggregate_key_type": {"FORWARDED_IP", "CONSTANT"},
	"character_set":      {"latin1"},
	"cidr_ipv4":          {"0.0.0.0/0"},
	"cookie_behavior":    {"all", "none"},
	"domain_name":        {"other.example.com"},
	"Effect":             {"Deny"},
	"treat_missing_data": {"missing"},
	"metric_name":        {"Other"},
	"logDriver":          {"none"},
	"PropagateTags":      {"NONE"},
	"aws_elasticache_replication_group.engine": {"valkey"},
	"engine":                       {"aurora-postgresql", "mysql", "valkey"},
	"engine_version":               {"5.0.6"},
	"header_behavior":              {"none", "whitelist"},
	"image_tag_mutability":         {"MUTABLE"},
	"instance_class":               {"db.r7g.large"},
	"ip_protocol":                  {"udp", "tcp"},
	"minimum_protocol_version":     {"TLSv1"},
	"namespace":                    {"Other"},
	"network_mode":                 {"host"},
	"object_ownership":             {"BucketOwnerEnforced", "ObjectWriter"},
	"preferred_maintenance_window": {"sat:03:00-sat:04:00"},
	"price_class":                  {"PriceClass_100"},
	"query_string_behavior":        {"none", "all"},
	"region":                       {"eu-west-1"},
	"scope":                        {"REGIONAL", "CLOUDFRONT"},
	"signing_behavior":             {"never"},
	"ssl_policy":                   {"ELBSecurityPolicy-2016-08"},
	"status_code":                  {"HTTP_302"},
	"target_type":                  {"instance"},
	"validation_method":            {"EMAIL"},
	"vpc_endpoint_type":            {"Interface", "Gateway"},
	"aws_cloudfront_origin_access_control.origin_access_control_origin_type":                                             {"mediastore"},
	"aws_codedeploy_deployment_group.blue_green_deployment_config.terminate_blue_instances_on_deployment_success.action": {"KEEP_ALIVE"},
	"aws_ecs_cluster.setting.value":                                               {"disabled"},
	"aws_iam_role_policy_attachment.policy_arn":                                   {"arn:aws:iam::aws:policy/AdministratorAccess"},
	"aws_lb_listener.default_action.redirect.port":                                {"8443"},
	"aws_lb_listener.default_action.redirect.protocol":                            {"HTTP"},
	"aws_lb_listener.default_action.type":                                         {"forward", "redirect"},
	"aws_lb_listener.protocol":                                                    {"HTTP", "HTTPS"},
	"aws_lb_target_group.protocol":                                                {"HTTPS", "HTTP"},
	"aws_network_acl.egress.action":                                               {"deny"},
	"aws_network_acl.ingress.action":                                              {"deny"},
	"aws_network_acl.ingress.cidr_block":                                          {"0.0.0.0/0"},
	"aws_network_acl.ingress.protocol":                                            {"udp"},
	"aws_ssm_parameter.type":                                                      {"String"},
	"aws_vpc.cidr_block":                                                          {"203.0.113.0/24", "10.200.48.0/22"},
	"aws_wafv2_web_acl.rule.statement.rate_based_statement.evaluation_window_sec": {"60"},
}
