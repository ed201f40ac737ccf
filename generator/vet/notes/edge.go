package notes

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

const (
	cloudfrontDocs = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
	balancerDocs   = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
	wafDocs        = "https://docs.aws.amazon.com/waf/latest/developerguide/"
	route53Docs    = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
	acmDocs        = "https://docs.aws.amazon.com/acm/latest/userguide/"
)

// Where the arguments of cache behaviours and of policies stand.
const (
	cacheKey = "parameters_in_cache_key_and_forwarded_to_origin."
	first    = "default_cache_behavior"
	further  = "ordered_cache_behavior"
)

// behaviours runs a test on every cache behaviour.
func behaviours(x test) test { return either(inside(first, x), inside(further, x)) }

// edge are the rules about certificates, CloudFront, load balancers and WAF.
var edge = []*rule{
	{
		id: "target-type-instance", severity: fault, title: "Target that is no instance",
		why:   "A target group of type instance takes ids of EC2 instances only.",
		notes: []string{"alb.target-type-instance"}, link: balancerDocs + "load-balancer-target-groups.html",
		check: each("aws_lb_target_group_attachment",
			both(comesFrom("target_group_arn", "aws_lb_target_group", either(absent("target_type"), is("target_type", "instance"))),
				either(matches("target_id", func(s string) bool { return !strings.HasPrefix(s, "i-") && s != "" }), comesFrom("target_id", "aws_lambda_function"), comesFrom("target_id", "aws_lb"), attribute("target_id", "private_ip", "public_ip"))),
			"The target group of %s has target_type = \"instance\", so target_id has to be the id of an EC2 instance. Otherwise set target_type = \"ip\" or \"lambda\"."),
	},
	{
		id: "target-type-ip", severity: fault, title: "Target that has no private address",
		why:   "Targets of type ip are private addresses; tasks of Fargate register as such.",
		notes: []string{"alb.target-type-ip-static"}, link: balancerDocs + "load-balancer-target-groups.html",
		check: func(f *finder) {
			each("aws_lb_target_group_attachment", both(comesFrom("target_group_arn", "aws_lb_target_group", is("target_type", "ip")),
				either(matches("target_id", func(s string) bool {
					a, err := netip.ParseAddr(s)
					return err != nil || a.Is4() && !privateTarget(a)
				}), attribute("target_id", "public_ip"))),
				"The target group of %s has target_type = \"ip\" and takes private addresses only. Register the private address.")(f)
			each("aws_ecs_service", both(comesFrom("task_definition", "aws_ecs_task_definition", is("network_mode", "awsvpc")),
				comesFrom("load_balancer.target_group_arn", "aws_lb_target_group", either(absent("target_type"), is("target_type", "instance")))),
				"The tasks of %s have addresses of their own (awsvpc), so their target group needs target_type = \"ip\".")(f)
		},
	},
	{
		id: "target-type-lambda", severity: fault, title: "Target that is no Lambda function",
		why:   "A target group of type lambda takes the ARN of one Lambda function.",
		notes: []string{"alb.target-type-lambda"}, link: balancerDocs + "lambda-functions.html",
		check: each("aws_lb_target_group_attachment", both(comesFrom("target_group_arn", "aws_lb_target_group", is("target_type", "lambda")),
			either(matches("target_id", func(s string) bool { return !strings.HasPrefix(s, "arn:") }), comesFrom("target_id", "aws_instance"))),
			"The target group of %s has target_type = \"lambda\", so target_id has to be the ARN of a Lambda function."),
	},
	{
		id: "certificate-ownership", severity: fault, title: "Certificate without proof of ownership",
		why:   "ACM issues a certificate only when the owner of the domain has been proved, and nothing may use it before.",
		notes: []string{"acm.domain-ownership-must-be-proved"}, link: acmDocs + "domain-ownership-validation.html",
		check: func(f *finder) {
			each("aws_acm_certificate", both(given("domain_name"), absent("validation_method", "certificate_authority_arn", "private_key")),
				"%s says no way to prove that the domain is yours. Set validation_method = \"DNS\".")(f)
			for _, c := range f.of("aws_acm_certificate") {
				if c.text("validation_method") == "DNS" && c.unused("aws_acm_certificate_validation", "certificate_arn") && direct(c) {
					f.find(c.rng, "%s is used before it is issued. Wait for it with aws_acm_certificate_validation, and use its certificate_arn.", c.name())
				}
			}
		},
	},
	{
		id: "certificate-replaced-first", severity: mend, title: "Certificate that is removed before its successor is there",
		why:   "Name and validation method of a certificate cannot change, and one that is in use cannot be deleted.",
		notes: []string{"acm.validation-method-immutable"}, link: acmDocs + "acm-overview.html",
		check: each("aws_acm_certificate", off("lifecycle.create_before_destroy"), "Give %s lifecycle { create_before_destroy = true }."),
	},
	{
		id: "tls-policy", severity: mend, title: "TLS versions not chosen",
		why:   "Without a choice, or with an old one, clients may speak TLS 1.0, which nobody should.",
		notes: []string{"acm.security-policy-known-to-clients"}, link: balancerDocs + "describe-ssl-policies.html",
		check: func(f *finder) {
			each("aws_lb_listener", both(is("protocol", "HTTPS", "TLS"), either(absent("ssl_policy"), is("ssl_policy", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS-1-0-2015-04", "ELBSecurityPolicy-TLS-1-1-2017-01", "ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-FS-2018-06", "ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-1-2021-06"))),
				"%s admits TLS 1.0 or 1.1. Choose a policy with TLS 1.2 and 1.3, such as ELBSecurityPolicy-TLS13-1-2-2021-06.")(f)
			each("aws_cloudfront_distribution", both(given("viewer_certificate.acm_certificate_arn"), either(absent("viewer_certificate.minimum_protocol_version"), is("viewer_certificate.minimum_protocol_version", "SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"))),
				"%s admits TLS 1.0 or 1.1. Set minimum_protocol_version = \"TLSv1.2_2021\" or newer.")(f)
		},
	},
	{
		id: "cloudfront-certificate-region", severity: fault, title: "Certificate of CloudFront in another region",
		why:   "CloudFront takes certificates of us-east-1 only.",
		notes: []string{"acm.cloudfront-certificate-region", "cloudfront.certificate-in-us-east-1"}, link: cloudfrontDocs + "cnames-and-https-requirements.html",
		check: each("aws_cloudfront_distribution", either(
			matches("viewer_certificate.acm_certificate_arn", func(s string) bool { return strings.HasPrefix(s, "arn:") && region(s) != "us-east-1" }),
			comesFrom("viewer_certificate.acm_certificate_arn", "aws_acm_certificate", elsewhere("us-east-1"))),
			"The certificate of %s is not in us-east-1. Set region = \"us-east-1\" there, or a provider of that region."),
	},
	{
		id: "load-balancer-certificate-region", severity: fault, title: "Certificate of a load balancer in another region",
		why:   "A load balancer takes certificates of its own region only.",
		notes: []string{"acm.alb-certificate-region"}, link: balancerDocs + "https-listener-certificates.html",
		check: func(f *finder) {
			for _, l := range f.of("aws_lb_listener aws_lb_listener_certificate") {
				own, known := l.region()
				if arn := l.text("certificate_arn"); known && strings.HasPrefix(arn, "arn:") && region(arn) != own {
					f.find(l.rng, "%s is in %s, its certificate is not. Request one in the same region.", l.name(), own)
				}
				for _, c := range l.certificates("certificate_arn") {
					there, also := c.region()
					if known && also && there != own || !known && also && c.has("region") && !l.has("region") && there == "us-east-1" && usedByCloudFront(c) {
						f.find(l.rng, "The certificate of %s, %s, is in %s. Request one in the region of the load balancer.", l.name(), c.name(), there)
					}
				}
			}
		},
	},
	{
		id: "listener-certificate", severity: fault, title: "HTTPS without a certificate",
		why:   "Over HTTPS the load balancer has to present a certificate, to viewers as to CloudFront.",
		notes: []string{"cloudfront.origin-https-both-certificates"}, link: balancerDocs + "https-listener-certificates.html",
		check: each("aws_lb_listener", both(is("protocol", "HTTPS", "TLS"), absent("certificate_arn")), "%s speaks HTTPS and has no certificate. Set certificate_arn."),
	},
	{
		id: "origin-certificate-name", severity: fault, title: "Origin whose certificate cannot match",
		why:   "CloudFront compares the origin's certificate with the origin's domain name, or with Host where that is forwarded.",
		notes: []string{"cloudfront.origin-certificate-without-host", "cloudfront.origin-certificate-with-host", "acm.cloudfront-alb-same-domain"}, link: cloudfrontDocs + "using-https-cloudfront-to-custom-origin.html",
		check: func(f *finder) {
			for _, d := range f.of("aws_cloudfront_distribution") {
				if d.has(first+".origin_request_policy_id") || d.has(first+".forwarded_values") || d.has(further+".origin_request_policy_id") || d.has(further+".forwarded_values") {
					continue
				}
				origins, open := d.blocks("origin")
				for _, o := range origins {
					if at, yes := both(is("custom_origin_config.origin_protocol_policy", "https-only", "match-viewer"), attribute("domain_name", "dns_name"))(o); yes && !open {
						f.find(at, "%s asks a load balancer by its AWS name, for which no certificate can be issued, and does not forward Host. Forward Host with an origin request policy, or give the load balancer a name of your own.", d.name())
					}
				}
			}
		},
	},
	{
		id: "cloudfront-price-class", severity: advice, title: "No edge locations near the users",
		why:   "PriceClass_100 has edge locations in North America and Europe only, from which users elsewhere are served then.",
		notes: []string{"cloudfront.price-class-includes-asia"}, link: cloudfrontDocs + "PriceClass.html",
		check: func(f *finder) {
			users := f.Home()
			if region := users.Region(); strings.HasPrefix(region, "us-") || strings.HasPrefix(region, "ca-") || strings.HasPrefix(region, "eu-") {
				return
			}
			each("aws_cloudfront_distribution", is("price_class", "PriceClass_100"), "%s has no edge location near "+users.Zone+". Set price_class = \"PriceClass_200\" or \"PriceClass_All\".")(f)
		},
	},
	{
		id: "cloudfront-alias", severity: fault, title: "Record for a distribution without that name",
		why:   "CloudFront refuses requests for names that are not among its aliases.",
		notes: []string{"cloudfront.cname-required-for-route53"}, link: cloudfrontDocs + "CNAMEs.html",
		check: each("aws_route53_record", either(comesFrom("alias.name", "aws_cloudfront_distribution", absent("aliases")), comesFrom("records", "aws_cloudfront_distribution", absent("aliases"))),
			"%s leads to a distribution without aliases, which refuses the name. Add it to aliases."),
	},
	{
		id: "cloudfront-alias-certificate", severity: fault, title: "Aliases without a certificate",
		why:   "For names of your own CloudFront needs a certificate that covers them.",
		notes: []string{"cloudfront.certificate-required-with-cname"}, link: cloudfrontDocs + "CNAMEs.html",
		check: each("aws_cloudfront_distribution", both(nonEmpty("aliases"), absent("viewer_certificate.acm_certificate_arn", "viewer_certificate.iam_certificate_id")),
			"%s has aliases, but no certificate for them. Set viewer_certificate.acm_certificate_arn."),
	},
	{
		id: "cloudfront-origin-access", severity: mend, title: "Bucket without origin access control",
		why:   "With origin access control only CloudFront reads the bucket; an origin access identity is its outdated form.",
		notes: []string{"cloudfront.origin-access-identity"}, link: cloudfrontDocs + "private-content-restricting-access-to-s3.html",
		check: func(f *finder) {
			each("aws_cloudfront_origin_access_identity", both(), "Replace %s by aws_cloudfront_origin_access_control, and admit cloudfront.amazonaws.com in the bucket policy.")(f)
			each("aws_cloudfront_distribution", inside("origin", both(comesFrom("domain_name", "aws_s3_bucket"), attribute("domain_name", "bucket_regional_domain_name", "bucket_domain_name"), absent("origin_access_control_id", "s3_origin_config", "custom_origin_config"))),
				"%s reads a bucket that has to be public for that. Set origin_access_control_id.")(f)
		},
	},
	{
		id: "alias-record", severity: mend, title: "CNAME for an AWS resource",
		why:   "An alias record works for the bare domain too, follows the addresses of the resource, and costs nothing.",
		notes: []string{"acm.pattern-route53-always", "route53.record-a", "route53.dns-name-alb", "route53.domain-name-cloudfront"}, link: route53Docs + "resource-record-sets-choosing-alias-non-alias.html",
		check: each("aws_route53_record", either(comesFrom("records", "aws_lb"), comesFrom("records", "aws_cloudfront_distribution")), "%s names a load balancer or a distribution. Write an alias block, with type A, and a second record with type AAAA for IPv6."),
	},
	{
		id: "record-value", severity: fault, title: "Record whose value does not fit its type",
		why:   "An A record holds IPv4 addresses, AAAA holds IPv6 addresses, CNAME one name, MX a priority and a name.",
		notes: []string{"route53.record-a", "route53.record-aaaa", "route53.record-cname", "route53.record-mx"}, link: route53Docs + "ResourceRecordTypes.html",
		check: func(f *finder) {
			for typ, wrong := range recordValues {
				each("aws_route53_record", both(is("type", typ), element("records", wrong)), "A value of %s does not fit its type, "+typ+".")(f)
			}
		},
	},
	{
		id: "routing-policy", severity: fault, title: "Routing policy half set",
		why:   "Records of a policy are told apart by set_identifier, and multivalue answers are healthy only by a health check.",
		notes: []string{"route53.routing-weighted", "route53.routing-multivalue"}, link: route53Docs + "routing-policy.html",
		check: func(f *finder) {
			each("aws_route53_record", both(either(given("weighted_routing_policy"), is("multivalue_answer_routing_policy", "true")), absent("set_identifier")), "%s has a routing policy and needs set_identifier.")(f)
			each("aws_route53_record", both(is("multivalue_answer_routing_policy", "true"), absent("health_check_id")), "%s is answered whether it is healthy or not. Set health_check_id.")(f)
		},
	},
	{
		id: "form-cookies", severity: mend, title: "Form without its session",
		why:   "Where forms are sent the application needs the cookie of the session, and drops the request without it.",
		notes: []string{"cloudfront.allow-session-cookie-on-form-paths"}, link: cloudfrontDocs + "Cookies.html",
		check: each("aws_cloudfront_distribution", behaviours(both(element("allowed_methods", among("POST")), either(is("forwarded_values.cookies.forward", "none"),
			both(absent("forwarded_values", "origin_request_policy_id"), comesFrom("cache_policy_id", "aws_cloudfront_cache_policy", is("name", "Managed-CachingDisabled", "Managed-CachingOptimized", "Managed-CachingOptimizedForUncompressedObjects")))))),
			"A behaviour of %s accepts POST and forwards no cookie. Forward the session's cookie with an origin request policy."),
	},
	{
		id: "error-page-caching", severity: advice, title: "Error page that stays",
		why:   "CloudFront shows a cached error page until its time is over, also when the fault is mended.",
		notes: []string{"cloudfront.invalidate-after-fix"}, link: cloudfrontDocs + "custom-error-pages-expiration.html",
		check: each("aws_cloudfront_distribution", number("custom_error_response.error_caching_min_ttl", func(n float64) bool { return n > 300 }),
			"An error page of %s is kept for more than five minutes. Lower error_caching_min_ttl, or invalidate the path after each fault."),
	},
	{
		id: "origin-protocol", severity: fault, title: "Origin protocol that nobody listens for",
		why:   "CloudFront speaks to the load balancer as the origin says; there has to be a listener.",
		notes: []string{"cloudfront.origin-protocol-matches-alb-listener"}, link: cloudfrontDocs + "DownloadDistValuesOrigin.html",
		check: func(f *finder) {
			for _, d := range f.of("aws_cloudfront_distribution") {
				origins, _ := d.blocks("origin")
				for _, o := range origins {
					f.speaks(d, o, "domain_name", "custom_origin_config.origin_protocol_policy")
				}
			}
			for _, v := range f.of("aws_cloudfront_vpc_origin") {
				f.speaks(v, v, "vpc_origin_endpoint_config.arn", "vpc_origin_endpoint_config.origin_protocol_policy")
			}
		},
	},
	{
		id: "default-behaviour", severity: fault, title: "Behaviour that hides the default",
		why:   "The behaviour for * is the default one; an ordered one with that path takes everything before it.",
		notes: []string{"cloudfront.default-behavior-first"}, link: cloudfrontDocs + "DownloadDistValuesCacheBehavior.html",
		check: each("aws_cloudfront_distribution", is(further+".path_pattern", "*", "/*"), "An ordered_cache_behavior of %s takes every path. Put its settings into default_cache_behavior."),
	},
	{
		id: "cache-all-headers", severity: fault, title: "Cached by every header",
		why:   "With all headers as key nothing is cached, and CloudFront wants a minimum TTL of 0.",
		notes: []string{"cloudfront.min-ttl-zero-when-all-headers"}, link: cloudfrontDocs + "cache-key-understand-cache-policy.html",
		check: each("aws_cloudfront_distribution", behaviours(both(element("forwarded_values.headers", among("*")), number("min_ttl", func(n float64) bool { return n > 0 }))),
			"%s forwards all headers, so min_ttl has to be 0. Better take the policies Managed-CachingDisabled and Managed-AllViewer."),
	},
	{
		id: "cache-key-headers", severity: mend, title: "Header that changes in the cache key",
		why:   "A header that differs in each request makes every request a miss.",
		notes: []string{"cloudfront.no-dynamic-header-in-cache-key"}, link: cloudfrontDocs + "controlling-the-cache-key.html",
		check: func(f *finder) {
			changing := func(s string) bool {
				return among("accept-datetime", "date", "user-agent", "referer", "if-modified-since", "if-none-match", "x-request-id", "x-amzn-trace-id")(strings.ToLower(s))
			}
			each("aws_cloudfront_cache_policy", element(cacheKey+"headers_config.headers.items", changing), "%s has a header as key that differs in nearly every request. Forward it with an origin request policy instead.")(f)
			each("aws_cloudfront_distribution", behaviours(element("forwarded_values.headers", changing)), "%s caches by a header that differs in nearly every request. Forward it with an origin request policy instead.")(f)
		},
	},
	{
		id: "cache-key-cookies", severity: mend, title: "Every cookie in the cache key",
		why:   "Cookies differ from browser to browser: with all of them as key hardly anything is found in the cache.",
		notes: []string{"cloudfront.do-not-forward-changing-cookies", "cloudfront.static-values-as-cache-key"}, link: cloudfrontDocs + "Cookies.html",
		check: func(f *finder) {
			each("aws_cloudfront_cache_policy", is(cacheKey+"cookies_config.cookie_behavior", "all", "allExcept"), "%s takes cookies that it does not name as keys. Name those that matter, with cookie_behavior = \"whitelist\".")(f)
			each("aws_cloudfront_distribution", behaviours(both(is("forwarded_values.cookies.forward", "all"), number("default_ttl", func(n float64) bool { return n > 0 }))), "%s caches by all cookies. Name those that matter in whitelisted_names.")(f)
		},
	},
	{
		id: "analytics-cookie", severity: mend, title: "Cookie of Google Analytics forwarded",
		why:   "The cookie differs in each browser, and only scripts in the browser read it.",
		notes: []string{"cloudfront.do-not-forward-google-analytics-cookie"}, link: cloudfrontDocs + "Cookies.html",
		check: func(f *finder) {
			analytics := func(s string) bool { return s == "_gid" || s == "_ga" || strings.HasPrefix(s, "_ga_") || s == "_ga*" }
			each("aws_cloudfront_cache_policy", both(is(cacheKey+"cookies_config.cookie_behavior", "whitelist"), element(cacheKey+"cookies_config.cookies.items", analytics)), "%s has the cookie of Google Analytics as key. Leave it out.")(f)
			each("aws_cloudfront_origin_request_policy", both(is("cookies_config.cookie_behavior", "whitelist"), element("cookies_config.cookies.items", analytics)), "%s forwards the cookie of Google Analytics. Leave it out.")(f)
			each("aws_cloudfront_distribution", behaviours(element("forwarded_values.cookies.whitelisted_names", analytics)), "%s forwards the cookie of Google Analytics. Leave it out.")(f)
		},
	},
	{
		id: "reserved-query-strings", severity: fault, title: "Query string that CloudFront keeps for itself",
		why:   "CloudFront takes Expires, Key-Pair-Id, Policy and Signature for signed URLs and removes them.",
		notes: []string{"cloudfront.reserved-query-strings"}, link: cloudfrontDocs + "QueryStringParameters.html",
		check: each("aws_cloudfront_cache_policy aws_cloudfront_origin_request_policy", either(
			element(cacheKey+"query_strings_config.query_strings.items", among("Expires", "Key-Pair-Id", "Policy", "Signature")),
			element("query_strings_config.query_strings.items", among("Expires", "Key-Pair-Id", "Policy", "Signature"))),
			"%s names a parameter that belongs to signed URLs. The application needs another name."),
	},
	{
		id: "waf-scope", severity: fault, title: "Web ACL in the wrong place",
		why:   "CloudFront takes web ACLs of scope CLOUDFRONT in us-east-1, everything else those of scope REGIONAL in its own region.",
		notes: []string{"waf.region-by-attached-resource"}, link: wafDocs + "web-acl.html",
		check: func(f *finder) {
			each("aws_wafv2_web_acl aws_wafv2_ip_set aws_wafv2_regex_pattern_set aws_wafv2_rule_group", both(is("scope", "CLOUDFRONT"), elsewhere("us-east-1")), "%s has scope CLOUDFRONT, which is in us-east-1 only.")(f)
			each("aws_cloudfront_distribution", comesFrom("web_acl_id", "aws_wafv2_web_acl", is("scope", "REGIONAL")), "The web ACL of %s has scope REGIONAL. CloudFront needs scope = \"CLOUDFRONT\".")(f)
			each("aws_wafv2_web_acl_association", comesFrom("web_acl_arn", "aws_wafv2_web_acl", is("scope", "CLOUDFRONT")), "The web ACL of %s has scope CLOUDFRONT; a distribution names it in web_acl_id. Here scope = \"REGIONAL\" is needed.")(f)
		},
	},
	{
		id: "waf-ip-set-meaning", severity: advice, title: "IP set whose name says nothing",
		why:   "One set for all hides whose address is whose, and nobody dares to remove one.",
		notes: []string{"waf.ip-set-allow-by-meaning", "waf.ip-set-allow-by-organisation"}, link: wafDocs + "waf-ip-set-managing.html",
		check: each("aws_wafv2_ip_set", matches("name", meaningless("ip", "ips", "set", "ipset", "address", "addresses", "allow", "allowed", "allowlist", "white", "whitelist", "list", "deny", "denied", "block", "blocked", "blocklist", "denylist", "black", "blacklist", "v4", "v6", "ipv4", "ipv6", "waf", "my")),
			"The name of %s does not say whose addresses these are. Keep a set for each meaning, such as office or partner-a."),
	},
	{
		id: "waf-regex-set-meaning", severity: advice, title: "Regex set whose name says nothing",
		why:   "Patterns for different parts of a request belong into sets of their own.",
		notes: []string{"waf.regex-set-by-meaning"}, link: wafDocs + "waf-regex-pattern-set-managing.html",
		check: each("aws_wafv2_regex_pattern_set", matches("name", meaningless("regex", "regexp", "pattern", "patterns", "set", "allow", "deny", "block", "list", "waf", "string", "strings", "my")),
			"The name of %s does not say what its patterns match. Keep a set for each meaning, such as user-agent or request-path."),
	},
	{
		id: "waf-rule-order", severity: fault, title: "Duplicate WAF rule priority",
		why:   "The first rule that matches ends the evaluation, so every rule needs a place of its own.",
		notes: []string{"waf.first-match-ends-evaluation"}, link: wafDocs + "web-acl-rule-actions.html",
		check: func(f *finder) {
			for _, acl := range f.of("aws_wafv2_web_acl aws_wafv2_rule_group") {
				rules, _ := acl.blocks("rule")
				seen := map[string]thing{}
				for _, r := range rules {
					p := r.text("priority")
					first, twice := seen[p]
					if p != "" && twice && !(r.dynamic && first.dynamic) { // those may exclude each other
						f.find(r.rng, "Two rules of %s have priority %s. Give each its own: the first match decides.", acl.name(), p)
					}
					if !twice || first.dynamic {
						seen[p] = r
					}
				}
			}
		},
	},
	{
		id: "waf-rule-meaning", severity: advice, title: "WAF rule with more than one meaning",
		why:   "A rule that tests one thing, and is named for it, can be understood in a log at night.",
		notes: []string{"waf.rule-granularity"}, link: wafDocs + "waf-rules.html",
		check: each("aws_wafv2_web_acl aws_wafv2_rule_group", inside("rule", either(
			matches("name", meaningless("rule", "rules", "my", "waf", "test")), crowded("statement.and_statement"), crowded("statement.or_statement"))),
			"A rule of %s has a name that says nothing, or more than four statements. Split it, and name each part for what it tests."),
	},
	{
		id: "waf-managed-rules-count-first", severity: advice, title: "Managed rules in force from the start",
		why:   "A managed rule group blocks requests that you know nothing of; count them first.",
		notes: []string{"waf.managed-rule-count-first"}, link: wafDocs + "web-acl-testing.html",
		check: each("aws_wafv2_web_acl", inside("rule", both(given("statement.managed_rule_group_statement"), plain("override_action.none"), absent("statement.managed_rule_group_statement.rule_action_override"))),
			"A managed rule group of %s blocks from the start. Let override_action depend on a variable, with count as its first value."),
	},
}

// recordValues says which values cannot stand in a record of a type.
var recordValues = map[string]func(string) bool{
	"A":     func(s string) bool { a, err := netip.ParseAddr(s); return err != nil || !a.Is4() },
	"AAAA":  func(s string) bool { a, err := netip.ParseAddr(s); return err != nil || !a.Is6() },
	"CNAME": func(s string) bool { _, err := netip.ParseAddr(s); return err == nil },
	"MX":    func(s string) bool { return len(strings.Fields(s)) != 2 },
}

func region(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 3 {
		return parts[3]
	}
	return ""
}

func privateTarget(a netip.Addr) bool {
	return privateRange(netip.PrefixFrom(a, a.BitLen())) || netip.MustParsePrefix("100.64.0.0/10").Contains(a)
}

func usedByCloudFront(c thing) bool {
	return len(c.users("aws_cloudfront_distribution", "viewer_certificate.acm_certificate_arn")) > 0
}

// direct says whether a listener or a distribution uses a certificate itself.
func direct(c thing) bool {
	return len(c.users("aws_lb_listener", "certificate_arn")) > 0 || usedByCloudFront(c)
}

// attribute is true when the argument at the path asks one of the attributes of
// some block.
func attribute(path string, names ...string) test {
	return func(t thing) (hcl.Range, bool) {
		args, _ := t.args(path)
		for _, a := range args {
			refs, _ := a.refs()
			if slices.ContainsFunc(refs, func(r ref) bool { return slices.Contains(names, r.attr) }) {
				return a.expr.Range(), true
			}
		}
		return hcl.Range{}, false
	}
}

// nonEmpty is true when the list at the path has an element for certain.
func nonEmpty(path string) test {
	return func(t thing) (hcl.Range, bool) {
		items, whole := t.list(path)
		a, ok := t.arg(path)
		if !ok || !whole || len(items) == 0 {
			return hcl.Range{}, false
		}
		return a.expr.Range(), true
	}
}

// plain is true when a block stands at the path outside of dynamic blocks.
func plain(path string) test {
	return func(t thing) (hcl.Range, bool) {
		b, open := t.within(path)
		if open || len(b) == 0 {
			return hcl.Range{}, false
		}
		return b[0].rng, true
	}
}

// crowded is true when the block at the path joins more than four statements.
func crowded(path string) test {
	return inside(path, func(t thing) (hcl.Range, bool) {
		b, _ := t.blocks("statement")
		return t.rng, len(b) > 4
	})
}

// meaningless returns a predicate for names that consist of such words and
// numbers alone.
func meaningless(words ...string) func(string) bool {
	return func(s string) bool {
		for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r == '-' || r == '_' || r == ' ' }) {
			if !slices.Contains(words, strings.TrimRight(w, "0123456789")) && strings.Trim(w, "0123456789") != "" {
				return false
			}
		}
		return true
	}
}

// speaks finds an origin whose protocol no listener of its load balancer has.
func (f *finder) speaks(owner, origin thing, balancer, policy string) {
	want := map[string]string{"http-only": "HTTP", "https-only": "HTTPS"}[origin.text(policy)]
	found, _ := origin.reach(balancer, "aws_lb")
	if want == "" || len(found) != 1 || !f.Whole() {
		return
	}
	listeners := found[0].users("aws_lb_listener", "load_balancer_arn")
	for _, l := range listeners {
		if p := l.text("protocol"); p == want || p == "" {
			return
		}
	}
	if len(listeners) > 0 {
		a, _ := origin.arg(policy)
		f.find(a.expr.Range(), "%s speaks %s to %s, which has no listener for it. Let both have the same protocol.", owner.name(), want, found[0].name())
	}
}
