package awsschema

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// services maps the start of a type's name to the service of its ARN, where
// the first word of the name is not it. The first that fits counts.
var services = []struct{ prefix, name string }{
	{"lb", "elasticloadbalancing"}, {"alb", "elasticloadbalancing"},
	{"vpc", "ec2"}, {"subnet", "ec2"}, {"security_group", "ec2"}, {"default", "ec2"}, {"eip", "ec2"},
	{"nat", "ec2"}, {"internet", "ec2"}, {"egress", "ec2"}, {"network", "ec2"}, {"flow", "ec2"}, {"route", "ec2"},
	{"main", "ec2"}, {"instance", "ec2"}, {"launch", "ec2"}, {"ami", "ec2"}, {"ebs", "ec2"}, {"key", "ec2"}, {"prefix", "ec2"},
	{"cloudwatch_log", "logs"}, {"cloudwatch_event", "events"},
	{"db", "rds"}, {"appautoscaling", "application-autoscaling"}, {"efs", "elasticfilesystem"},
	{"sfn", "states"}, {"kinesis_firehose", "firehose"}, {"api_gateway", "apigateway"}, {"apigatewayv2", "apigateway"},
}

// idPrefix holds the prefixes of EC2-like ids by type (without aws_) or by the
// attribute that refers to one (without _id).
var idPrefix = map[string]string{
	"vpc": "vpc", "default_vpc": "vpc", "subnet": "subnet", "default_subnet": "subnet",
	"security_group": "sg", "default_security_group": "sg",
	"vpc_security_group_ingress_rule": "sgr", "vpc_security_group_egress_rule": "sgr", "security_group_rule": "sgr",
	"internet_gateway": "igw", "egress_only_internet_gateway": "eigw", "nat_gateway": "nat",
	"route_table": "rtb", "default_route_table": "rtb", "main_route_table": "rtb", "route_table_association": "rtbassoc", "route": "r",
	"network_acl": "acl", "default_network_acl": "acl", "network_interface": "eni", "primary_network_interface": "eni",
	"eip": "eipalloc", "allocation": "eipalloc", "association": "eipassoc",
	"vpc_endpoint": "vpce", "flow_log": "fl", "instance": "i", "launch_template": "lt",
	"ec2_managed_prefix_list": "pl", "prefix_list": "pl", "dhcp_options": "dopt", "vpc_dhcp_options": "dopt",
	"transit_gateway": "tgw", "ec2_transit_gateway": "tgw", "volume": "vol", "ebs_volume": "vol", "image": "ami", "ami": "ami",
	"snapshot": "snap", "vpc_peering_connection": "pcx", "file_system": "fs", "efs_file_system": "fs", "efs_access_point": "fsap",
	"efs_mount_target": "fsmt",
}

// idIsARN lists types whose id is their ARN.
var idIsARN = map[string]bool{
	"aws_lb": true, "aws_alb": true, "aws_lb_listener": true, "aws_lb_listener_rule": true, "aws_lb_target_group": true,
	"aws_acm_certificate": true, "aws_ecs_cluster": true, "aws_ecs_service": true, "aws_ecs_capacity_provider": true,
	"aws_sns_topic": true, "aws_iam_policy": true, "aws_secretsmanager_secret": true, "aws_sfn_state_machine": true,
	"aws_iam_openid_connect_provider": true, "aws_codestarconnections_connection": true,
}

const rdsHost = ".{hex12:rds}.{region}.rds.amazonaws.com"

// answers holds patterns (see maker.expand) of attributes whose name alone does
// not tell their form, by type. A comma separates the elements of a collection.
var answers = map[string]map[string]string{
	"aws_lb": {
		"arn":        "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex16}",
		"arn_suffix": "app/{name}/{hex16}",
		"dns_name":   "{name}-{hex10}.{region}.elb.amazonaws.com",
		"zone_id":    "Z14GRHDCWA56QT",
	},
	"aws_lb_target_group": {
		"arn":        "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex16}",
		"arn_suffix": "targetgroup/{name}/{hex16}",
	},
	"aws_cloudfront_distribution": {
		"id": "E{upper13}", "arn": "arn:aws:cloudfront::{account}:distribution/{id}",
		"domain_name": "d{hex13}.cloudfront.net", "hosted_zone_id": "Z2FDTNDATAQYW2", "status": "Deployed", "etag": "E{upper12:etag}",
	},
	"aws_cloudfront_origin_access_control":   {"id": "E{upper13}"},
	"aws_cloudfront_vpc_origin":              {"id": "vo_{hex22}", "arn": "arn:aws:cloudfront::{account}:vpcorigin/{id}"},
	"aws_cloudfront_cache_policy":            {"id": "{uuid}"},
	"aws_cloudfront_origin_request_policy":   {"id": "{uuid}"},
	"aws_cloudfront_response_headers_policy": {"id": "{uuid}"},
	"aws_acm_certificate":                    {"arn": "arn:aws:acm:{region}:{account}:certificate/{uuid}", "status": "ISSUED", "type": "AMAZON_ISSUED"},
	"aws_wafv2_web_acl":                      {"id": "{uuid}"},
	"aws_wafv2_ip_set":                       {"id": "{uuid}"},
	"aws_wafv2_rule_group":                   {"id": "{uuid}"},
	"aws_route53_record":                     {"id": "{zone_id}_{name}_{type}", "fqdn": "{name}"},
	"aws_route53_zone":                       {"id": "{zone_id}", "arn": "arn:aws:route53:::hostedzone/{zone_id}", "name_servers": "ns-1.awsdns-01.com,ns-2.awsdns-02.net,ns-3.awsdns-03.org,ns-4.awsdns-04.co.uk"},
	"aws_s3_bucket": {
		"id": "{bucket}", "bucket": "terraform-{hex20}", "arn": "arn:aws:s3:::{bucket}",
		"bucket_domain_name": "{bucket}.s3.amazonaws.com", "bucket_regional_domain_name": "{bucket}.s3.{region}.amazonaws.com",
		"bucket_region": "{region}", "hosted_zone_id": "Z2M4EHUR26P7ZW",
	},
	"aws_iam_role":             {"id": "{name}", "arn": "arn:aws:iam::{account}:role/{name}", "unique_id": "AROA{upper17}"},
	"aws_iam_policy":           {"arn": "arn:aws:iam::{account}:policy/{name}", "policy_id": "ANPA{upper17}"},
	"aws_iam_instance_profile": {"id": "{name}", "arn": "arn:aws:iam::{account}:instance-profile/{name}", "unique_id": "AIPA{upper17}"},
	"aws_ecs_cluster":          {"arn": "arn:aws:ecs:{region}:{account}:cluster/{name}"},
	"aws_ecs_task_definition": {
		"id": "{family}", "arn": "arn:aws:ecs:{region}:{account}:task-definition/{family}:1",
		"arn_without_revision": "arn:aws:ecs:{region}:{account}:task-definition/{family}", "revision": "1",
	},
	"aws_ecr_repository":          {"id": "{name}", "arn": "arn:aws:ecr:{region}:{account}:repository/{name}", "repository_url": "{account}.dkr.ecr.{region}.amazonaws.com/{name}"},
	"aws_cloudwatch_log_group":    {"id": "{name}", "arn": "arn:aws:logs:{region}:{account}:log-group:{name}"},
	"aws_cloudwatch_metric_alarm": {"id": "{alarm_name}", "arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{alarm_name}"},
	"aws_rds_cluster": {
		"id": "{cluster_identifier}", "cluster_identifier": "tf-{hex20}", "arn": "arn:aws:rds:{region}:{account}:cluster:{cluster_identifier}",
		"endpoint": "{cluster_identifier}.cluster-" + rdsHost[1:], "reader_endpoint": "{cluster_identifier}.cluster-ro-" + rdsHost[1:],
		"cluster_resource_id": "cluster-{upper26}", "hosted_zone_id": "Z24O6O9L7SGTNB",
	},
	"aws_rds_cluster_instance": {
		"id": "{identifier}", "identifier": "tf-{hex20}", "arn": "arn:aws:rds:{region}:{account}:db:{identifier}",
		"endpoint": "{identifier}" + rdsHost, "dbi_resource_id": "db-{upper26}",
	},
	"aws_db_instance":                 {"id": "db-{upper26}", "identifier": "tf-{hex20}", "arn": "arn:aws:rds:{region}:{account}:db:{identifier}", "address": "{identifier}" + rdsHost},
	"aws_db_subnet_group":             {"id": "{name}", "arn": "arn:aws:rds:{region}:{account}:subgrp:{name}"},
	"aws_rds_cluster_parameter_group": {"id": "{name}", "arn": "arn:aws:rds:{region}:{account}:cluster-pg:{name}"},
	"aws_db_parameter_group":          {"id": "{name}", "arn": "arn:aws:rds:{region}:{account}:pg:{name}"},
	"aws_elasticache_replication_group": {
		"id": "{replication_group_id}", "arn": "arn:aws:elasticache:{region}:{account}:replicationgroup:{replication_group_id}",
		"primary_endpoint_address":       "master.{replication_group_id}.{hex6:cache}.{code}.cache.amazonaws.com",
		"reader_endpoint_address":        "replica.{replication_group_id}.{hex6:cache}.{code}.cache.amazonaws.com",
		"configuration_endpoint_address": "clustercfg.{replication_group_id}.{hex6:cache}.{code}.cache.amazonaws.com",
	},
	"aws_elasticache_subnet_group":        {"id": "{name}", "arn": "arn:aws:elasticache:{region}:{account}:subnetgroup:{name}"},
	"aws_elasticache_parameter_group":     {"id": "{name}", "arn": "arn:aws:elasticache:{region}:{account}:parametergroup:{name}"},
	"aws_ssm_parameter":                   {"id": "{name}", "version": "1"},
	"aws_kms_key":                         {"id": "{key_id}", "key_id": "{uuid}", "arn": "arn:aws:kms:{region}:{account}:key/{key_id}"},
	"aws_kms_alias":                       {"id": "{name}", "arn": "arn:aws:kms:{region}:{account}:{name}"},
	"aws_secretsmanager_secret":           {"arn": "arn:aws:secretsmanager:{region}:{account}:secret:{name}-{hex6}"},
	"aws_sns_topic":                       {"arn": "arn:aws:sns:{region}:{account}:{name}"},
	"aws_sqs_queue":                       {"id": "https://sqs.{region}.amazonaws.com/{account}/{name}", "url": "{id}", "arn": "arn:aws:sqs:{region}:{account}:{name}"},
	"aws_lambda_function":                 {"id": "{function_name}", "arn": "arn:aws:lambda:{region}:{account}:function:{function_name}", "version": "$LATEST"},
	"aws_eip":                             {"allocation_id": "{id}", "public_dns": "ec2-{hex8}.{region}.compute.amazonaws.com"},
	"aws_vpc_security_group_ingress_rule": {"security_group_rule_id": "{id}", "arn": "arn:aws:ec2:{region}:{account}:security-group-rule/{id}"},
	"aws_vpc_security_group_egress_rule":  {"security_group_rule_id": "{id}", "arn": "arn:aws:ec2:{region}:{account}:security-group-rule/{id}"},

	// Data sources.
	"aws_caller_identity": {"id": "{account}", "account_id": "{account}", "user_id": "AIDA{upper17}", "arn": "arn:aws:iam::{account}:user/test"},
	"aws_partition":       {"id": "aws", "partition": "aws", "dns_suffix": "amazonaws.com", "reverse_dns_prefix": "com.amazonaws"},
	"aws_region":          {"id": "{region}", "name": "{region}", "region": "{region}", "endpoint": "ec2.{region}.amazonaws.com", "description": "Region {region}"},
	"aws_vpc_endpoint_service": {
		"id": "vpce-svc-{hex17}", "service_name": "com.amazonaws.{region}.{service}", "service_id": "vpce-svc-{hex17}",
	},
	"aws_elb_service_account":                       {"id": "582318560864", "arn": "arn:aws:iam::582318560864:root"},
	"aws_canonical_user_id":                         {"id": "{hex64}"},
	"aws_cloudfront_log_delivery_canonical_user_id": {"id": "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"},
	"aws_rds_engine_version":                        {"id": "{version}"},
	"aws_service_principal":                         {"id": "{name}", "name": "{service_name}.amazonaws.com"},
	"aws_cloudfront_origin_access_identity":         {"id": "E{upper13}"},
}

// managedPolicies holds the ids of CloudFront's own policies, which AWS
// documents and which are the same in every account.
var managedPolicies = map[string]string{
	"Managed-CachingOptimized":          "658327ea-f89d-4fab-a63d-7e88639e58f6",
	"Managed-CachingDisabled":           "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
	"UseOriginCacheControlHeaders":      "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
	"Managed-AllViewer":                 "216adef6-5c7f-47e4-b989-5492eafa07d3",
	"Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
	"Managed-SecurityHeadersPolicy":     "67f7725c-6f97-4210-82d7-5512b31e9d03",
}

// special makes values that no pattern can, and cty.NilVal for all others.
func (m *maker) special(name string) cty.Value {
	switch m.typ + "." + name {
	case "aws_lb_listener.arn":
		lb := m.get("load_balancer_arn")
		return cty.StringVal(strings.Replace(lb, ":loadbalancer/", ":listener/", 1) + m.expand("/{hex16}"))
	case "aws_lb_listener_rule.arn":
		listener := m.get("listener_arn")
		return cty.StringVal(strings.Replace(listener, ":listener/", ":listener-rule/", 1) + m.expand("/{hex16}"))
	case "aws_ecs_service.arn":
		cluster := m.get("cluster")
		if _, short, ok := strings.Cut(cluster, ":cluster/"); ok {
			cluster = short
		}
		return cty.StringVal(m.expand("arn:aws:ecs:{region}:{account}:service/" + cluster + "/{name}"))
	case "aws_ssm_parameter.arn":
		return cty.StringVal(m.expand("arn:aws:ssm:{region}:{account}:parameter/") + strings.TrimPrefix(m.get("name"), "/"))
	case "aws_rds_cluster.master_user_secret":
		return m.masterUserSecret()
	case "aws_wafv2_web_acl.arn":
		return m.wafARN("webacl")
	case "aws_wafv2_ip_set.arn":
		return m.wafARN("ipset")
	case "aws_wafv2_rule_group.arn":
		return m.wafARN("rulegroup")
	case "aws_availability_zones.names", "aws_vpc_endpoint_service.availability_zones":
		return stringList(m.zones())
	case "aws_availability_zones.zone_ids":
		return stringList([]string{m.expand("{code}-az4"), m.expand("{code}-az1"), m.expand("{code}-az2")})
	case "aws_availability_zones.id":
		return cty.StringVal(m.region)
	case "aws_cloudfront_cache_policy.id", "aws_cloudfront_origin_request_policy.id", "aws_cloudfront_response_headers_policy.id":
		if id := managedPolicies[text(m.obj, "name")]; id != "" {
			return cty.StringVal(id)
		}
		return cty.StringVal(m.expand("{uuid}"))
	}
	return cty.NilVal
}

// masterUserSecret is there only when RDS was asked to keep the password.
func (m *maker) masterUserSecret() cty.Value {
	ty := m.block.Attributes["master_user_secret"].Type
	if !isTrue(m.obj, "manage_master_user_password") {
		return cty.ListValEmpty(ty.ElementType())
	}
	secret := m.object("master_user_secret.", ty.ElementType()).AsValueMap()
	secret["secret_arn"] = cty.StringVal(m.expand("arn:aws:secretsmanager:{region}:{account}:secret:rds!cluster-{uuid}-{hex6}"))
	secret["secret_status"] = cty.StringVal("active")
	return cty.ListVal([]cty.Value{cty.ObjectVal(secret)})
}

// wafARN tells CloudFront's web ACLs from those of a region, as AWS does.
func (m *maker) wafARN(kind string) cty.Value {
	scope := "regional"
	if m.get("scope") == "CLOUDFRONT" {
		scope = "global"
	}
	return cty.StringVal(m.expand("arn:aws:wafv2:{region}:{account}:" + scope + "/" + kind + "/{name}/{uuid}"))
}

// zones returns the zones of the region that an account sees.
func (m *maker) zones() []string {
	var out []string
	for _, l := range "abc" {
		out = append(out, m.region+string(l))
	}
	return out
}

func stringList(list []string) cty.Value {
	var out []cty.Value
	for _, s := range list {
		out = append(out, cty.StringVal(s))
	}
	return cty.ListVal(out)
}
