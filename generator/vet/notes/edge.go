package notes

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
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
		id: "target-type-instance", severity: fault, title: "Target is not an instance",
		why:   "A target group of type instance accepts only IDs of EC2 instances.",
		notes: []string{"alb.target-type-instance"}, link: balancerDocs + "load-balancer-target-groups.html",
		check: each("aws_lb_target_group_attachment",
			both(comesFrom("target_group_arn", "aws_lb_target_group", either(absent("target_type"), is("target_type", "instance"))),
				either(matches("target_id", func(s string) bool { return !strings.HasPrefix(s, "i-") && s != "" }), comesFrom("target_id", "aws_lambda_function"), comesFrom("target_id", "aws_lb"), attribute("target_id", "private_ip", "public_ip"))),
			"The target group of %s has target_type = \"instance\", so target_id must be the ID of an EC2 instance. Otherwise set target_type = \"ip\" or \"lambda\"."),
	},
	{
		id: "target-type-ip", severity: fault, title: "Target without a private address",
		why:   "Targets of type ip must be private addresses; Fargate tasks register with theirs.",
		about: []string{"alb.target-type-ip-static"}, link: balancerDocs + "load-balancer-target-groups.html",
		check: func(f *finder) {
			each("aws_lb_target_group_attachment", both(comesFrom("target_group_arn", "aws_lb_target_group", is("target_type", "ip")),
				either(matches("target_id", func(s string) bool {
					a, err := netip.ParseAddr(s)
					return err != nil || a.Is4() && !privateTarget(a)
				}), attribute("target_id", "public_ip"))),
				"The target group of %s has target_type = \"ip\" and accepts only private addresses. Register the private address.")(f)
			each("aws_ecs_service", both(comesFrom("task_definition", "aws_ecs_task_definition", is("network_mode", "awsvpc")),
				comesFrom("load_balancer.target_group_arn", "aws_lb_target_group", either(absent("target_type"), is("target_type", "instance")))),
				"The tasks of %s have their own addresses (awsvpc), so their target group needs target_type = \"ip\".")(f)
		},
	},
	{
		id: "target-type-lambda", severity: fault, title: "Target is not a Lambda function",
		why:   "A target group of type lambda accepts the ARN of one Lambda function.",
		notes: []string{"alb.target-type-lambda"}, link: balancerDocs + "lambda-functions.html",
		check: each("aws_lb_target_group_attachment", both(comesFrom("target_group_arn", "aws_lb_target_group", is("target_type", "lambda")),
			either(matches("target_id", func(s string) bool { return !strings.HasPrefix(s, "arn:") }), comesFrom("target_id", "aws_instance"))),
			"The target group of %s has target_type = \"lambda\", so target_id must be the ARN of a Lambda function."),
	},
	{
		id: "certificate-ownership", severity: fault, title: "Certificate without domain validation",
		why:   "ACM issues a certificate only after domain validation, and it cannot be used before that.",
		notes: []string{"acm.domain-ownership-must-be-proved"}, link: acmDocs + "domain-ownership-validation.html",
		check: func(f *finder) {
			each("aws_acm_certificate", both(given("domain_name"), absent("validation_method", "certificate_authority_arn", "private_key")),
				"%s has no validation method. Set validation_method = \"DNS\".")(f)
			for _, c := range f.of("aws_acm_certificate") {
				if c.text("validation_method") == "DNS" {
					f.early(c)
				}
			}
		},
	},
	{
		id: "certificate-replaced-first", severity: mend, title: "Certificate destroyed before its replacement exists",
		why:   "Changing the name or validation method replaces a certificate, and one in use cannot be deleted.",
		notes: []string{"acm.validation-method-immutable"}, link: acmDocs + "acm-overview.html",
		check: each("aws_acm_certificate", off("lifecycle.create_before_destroy"), "Give %s lifecycle { create_before_destroy = true }."),
	},
	{
		id: "tls-policy", defaults: true, severity: mend, title: "Outdated TLS versions allowed",
		why:   "The default policy and older ones allow TLS 1.0, which is insecure.",
		about: []string{"acm.security-policy-known-to-clients"}, link: balancerDocs + "describe-ssl-policies.html",
		check: func(f *finder) {
			each("aws_lb_listener", both(is("protocol", "HTTPS", "TLS"), either(absent("ssl_policy"), is("ssl_policy", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS-1-0-2015-04", "ELBSecurityPolicy-TLS-1-1-2017-01", "ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-FS-2018-06", "ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-1-2021-06"))),
				"%s allows TLS 1.0 or 1.1. Choose a policy with TLS 1.2 and 1.3, such as ELBSecurityPolicy-TLS13-1-2-2021-06.")(f)
			each("aws_cloudfront_distribution", both(given("viewer_certificate.acm_certificate_arn"), either(absent("viewer_certificate.minimum_protocol_version"), is("viewer_certificate.minimum_protocol_version", "SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"))),
				"%s allows TLS 1.0 or 1.1. Set minimum_protocol_version = \"TLSv1.2_2021\" or newer.")(f)
		},
	},
	{
		id: "cloudfront-certificate-region", severity: fault, title: "CloudFront certificate in the wrong region",
		why:   "CloudFront accepts certificates only from us-east-1.",
		notes: []string{"acm.cloudfront-certificate-region", "cloudfront.certificate-in-us-east-1"}, link: cloudfrontDocs + "cnames-and-https-requirements.html",
		check: func(f *finder) {
			each("aws_cloudfront_distribution", either(
				matches("viewer_certificate.acm_certificate_arn", func(s string) bool { return strings.HasPrefix(s, "arn:") && region(s) != "us-east-1" }),
				comesFrom("viewer_certificate.acm_certificate_arn", "aws_acm_certificate", elsewhere("us-east-1"))),
				"The certificate of %s is not in us-east-1. Set region = \"us-east-1\" there, or use a provider for that region.")(f)
			for _, v := range f.of("aws_acm_certificate_validation") {
				for _, c := range v.certificates("certificate_arn") {
					if validatedElsewhere(v, c) {
						f.find(v.rng, "%s and %s are not in the same region. CloudFront needs both in us-east-1.", c.name(), v.name())
					}
				}
			}
		},
	},
	{
		id: "load-balancer-certificate-region", severity: fault, title: "Load balancer certificate in the wrong region",
		why:   "A load balancer accepts only certificates from its own region.",
		notes: []string{"acm.alb-certificate-region"}, link: balancerDocs + "https-listener-certificates.html",
		check: func(f *finder) {
			for _, l := range f.of("aws_lb_listener aws_lb_listener_certificate") {
				own, known := l.region()
				if arn := l.text("certificate_arn"); known && strings.HasPrefix(arn, "arn:") && region(arn) != own {
					f.find(l.rng, "%s is in %s, but its certificate is not. Request one in the same region.", l.name(), own)
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
		why:   "An HTTPS listener must present a certificate, to CloudFront as well.",
		notes: []string{"cloudfront.origin-https-both-certificates"}, link: balancerDocs + "https-listener-certificates.html",
		check: each("aws_lb_listener", both(is("protocol", "HTTPS", "TLS"), absent("certificate_arn")), "%s uses HTTPS but has no certificate. Set certificate_arn."),
	},
	{
		id: "origin-certificate-name", severity: fault, title: "Origin whose certificate cannot match",
		why:   "CloudFront compares the origin's certificate with the origin's domain name, or with the Host header if it is forwarded.",
		notes: []string{"cloudfront.origin-certificate-without-host", "cloudfront.origin-certificate-with-host", "acm.cloudfront-alb-same-domain"}, link: cloudfrontDocs + "using-https-cloudfront-to-custom-origin.html",
		check: func(f *finder) {
			for _, d := range f.of("aws_cloudfront_distribution") {
				f.originCertificates(d)
			}
		},
	},
	{
		id: "cloudfront-price-class", defaults: true, severity: advice, title: "No edge locations near the users",
		why:   "PriceClass_100 has edge locations only in North America and Europe, so users elsewhere get higher latency.",
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
		id: "cloudfront-alias", severity: fault, title: "Record that is not an alias of the distribution",
		why:   "CloudFront refuses requests for names that are not among its aliases.",
		notes: []string{"cloudfront.cname-required-for-route53"}, link: cloudfrontDocs + "CNAMEs.html",
		check: each("aws_route53_record", either(comesFrom("alias.name", "aws_cloudfront_distribution", absent("aliases")), comesFrom("records", "aws_cloudfront_distribution", absent("aliases"))),
			"%s points to a distribution without aliases, which refuses the name. Add it to aliases."),
	},
	{
		id: "cloudfront-alias-certificate", severity: fault, title: "Aliases without a certificate",
		why:   "CloudFront needs a certificate that covers its aliases.",
		notes: []string{"cloudfront.certificate-required-with-cname"}, link: cloudfrontDocs + "CNAMEs.html",
		check: each("aws_cloudfront_distribution", both(nonEmpty("aliases"), absent("viewer_certificate.acm_certificate_arn", "viewer_certificate.iam_certificate_id")),
			"%s has aliases but no certificate for them. Set viewer_certificate.acm_certificate_arn."),
	},
	{
		id: "cloudfront-origin-access", severity: mend, title: "Bucket without origin access control",
		why:   "With origin access control only CloudFront can read the bucket; origin access identities are deprecated.",
		about: []string{"cloudfront.origin-access-identity"}, link: cloudfrontDocs + "private-content-restricting-access-to-s3.html",
		check: func(f *finder) {
			each("aws_cloudfront_origin_access_identity", both(), "Replace %s with aws_cloudfront_origin_access_control, and allow cloudfront.amazonaws.com in the bucket policy.")(f)
			each("aws_cloudfront_distribution", inside("origin", both(comesFrom("domain_name", "aws_s3_bucket"), attribute("domain_name", "bucket_regional_domain_name", "bucket_domain_name"), absent("origin_access_control_id", "s3_origin_config", "custom_origin_config"))),
				"%s can only read its bucket if it is public. Set origin_access_control_id.")(f)
		},
	},
	{
		id: "alias-record", severity: mend, title: "CNAME for an AWS resource",
		why:   "An alias record also works at the zone apex, follows address changes, and its queries are free.",
		about: []string{"acm.pattern-route53-always", "route53.record-a", "route53.dns-name-alb", "route53.domain-name-cloudfront"}, link: route53Docs + "resource-record-sets-choosing-alias-non-alias.html",
		check: each("aws_route53_record", either(comesFrom("records", "aws_lb"), comesFrom("records", "aws_cloudfront_distribution")), "%s points to a load balancer or a distribution. Use an alias block with type A, and a second record of type AAAA for IPv6."),
	},
	{
		id: "record-value", severity: fault, title: "Record value does not match its type",
		why:   "An A record contains IPv4 addresses, an AAAA record IPv6 addresses, a CNAME record one name, and an MX record a priority and a name.",
		notes: []string{"route53.record-a", "route53.record-aaaa", "route53.record-cname", "route53.record-mx"}, link: route53Docs + "ResourceRecordTypes.html",
		check: func(f *finder) {
			for typ, wrong := range recordValues {
				each("aws_route53_record", both(is("type", typ), element("records", wrong)), "A value of %s does not match its type, "+typ+".")(f)
			}
		},
	},
	{
		id: "routing-policy", severity: fault, title: "Incomplete routing policy",
		why:   "Records with a routing policy are distinguished by set_identifier, and multivalue answers need a health check.",
		notes: []string{"route53.routing-weighted", "route53.routing-multivalue"}, link: route53Docs + "routing-policy.html",
		check: func(f *finder) {
			each("aws_route53_record", both(either(given("weighted_routing_policy"), is("multivalue_answer_routing_policy", "true")), absent("set_identifier")), "%s has a routing policy and needs set_identifier.")(f)
			each("aws_route53_record", both(is("multivalue_answer_routing_policy", "true"), absent("health_check_id")), "%s is returned even when it is unhealthy. Set health_check_id.")(f)
		},
	},
	{
		id: "form-cookies", severity: mend, title: "Form without session cookie",
		why:   "Without the session cookie the application rejects form submissions.",
		notes: []string{"cloudfront.allow-session-cookie-on-form-paths"}, link: cloudfrontDocs + "Cookies.html",
		check: each("aws_cloudfront_distribution", behaviours(both(element("allowed_methods", among("POST")), either(is("forwarded_values.cookies.forward", "none"),
			both(absent("forwarded_values", "origin_request_policy_id"), comesFrom("cache_policy_id", "aws_cloudfront_cache_policy", is("name", "Managed-CachingDisabled", "Managed-CachingOptimized", "Managed-CachingOptimizedForUncompressedObjects")))))),
			"A behaviour of %s accepts POST but forwards no cookies. Forward the session cookie with an origin request policy."),
	},
	{
		id: "error-page-caching", severity: advice, title: "Error page cached too long",
		why:   "CloudFront serves a cached error page until it expires, even after the fault is fixed.",
		about: []string{"cloudfront.invalidate-after-fix"}, link: cloudfrontDocs + "custom-error-pages-expiration.html",
		check: each("aws_cloudfront_distribution", number("custom_error_response.error_caching_min_ttl", func(n float64) bool { return n > 300 }),
			"An error page of %s is cached for more than five minutes. Lower error_caching_min_ttl, or invalidate the path after every incident."),
	},
	{
		id: "origin-protocol", severity: fault, title: "Origin protocol without a listener",
		why:   "CloudFront connects with the origin's protocol, so the load balancer needs a listener for it.",
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
		id: "default-behaviour", severity: fault, title: "Behaviour that overrides the default",
		why:   "* is the path of the default behaviour; an ordered behaviour with that path matches everything first.",
		notes: []string{"cloudfront.default-behavior-first"}, link: cloudfrontDocs + "DownloadDistValuesCacheBehavior.html",
		check: each("aws_cloudfront_distribution", is(further+".path_pattern", "*", "/*"), "An ordered_cache_behavior of %s matches every path. Put its settings in default_cache_behavior."),
	},
	{
		id: "cache-all-headers", severity: fault, title: "Cached by every header",
		why:   "With all headers in the cache key nothing is cached, and CloudFront requires a minimum TTL of 0.",
		notes: []string{"cloudfront.min-ttl-zero-when-all-headers"}, link: cloudfrontDocs + "cache-key-understand-cache-policy.html",
		check: each("aws_cloudfront_distribution", behaviours(both(element("forwarded_values.headers", among("*")), number("min_ttl", func(n float64) bool { return n > 0 }))),
			"%s forwards all headers, so min_ttl must be 0. Preferably use the policies Managed-CachingDisabled and Managed-AllViewer."),
	},
	{
		id: "cache-key-headers", severity: mend, title: "Volatile header in the cache key",
		why:   "A header that differs in every request makes every request a cache miss.",
		notes: []string{"cloudfront.no-dynamic-header-in-cache-key"}, link: cloudfrontDocs + "controlling-the-cache-key.html",
		check: func(f *finder) {
			changing := func(s string) bool {
				return among("accept-datetime", "date", "user-agent", "referer", "if-modified-since", "if-none-match", "x-request-id", "x-amzn-trace-id")(strings.ToLower(s))
			}
			each("aws_cloudfront_cache_policy", element(cacheKey+"headers_config.headers.items", changing), "%s has a header in the cache key that differs in nearly every request. Forward it with an origin request policy instead.")(f)
			each("aws_cloudfront_distribution", behaviours(element("forwarded_values.headers", changing)), "%s caches by a header that differs in nearly every request. Forward it with an origin request policy instead.")(f)
		},
	},
	{
		id: "cache-key-cookies", severity: mend, title: "Every cookie in the cache key",
		why:   "Cookies differ from browser to browser, so with all of them in the cache key there are hardly any hits.",
		notes: []string{"cloudfront.do-not-forward-changing-cookies", "cloudfront.static-values-as-cache-key"}, link: cloudfrontDocs + "Cookies.html",
		check: func(f *finder) {
			each("aws_cloudfront_cache_policy", is(cacheKey+"cookies_config.cookie_behavior", "all", "allExcept"), "%s has unlisted cookies in the cache key. List the ones that matter, with cookie_behavior = \"whitelist\".")(f)
			each("aws_cloudfront_distribution", behaviours(both(is("forwarded_values.cookies.forward", "all"), number("default_ttl", func(n float64) bool { return n > 0 }))), "%s caches by all cookies. List the ones that matter in whitelisted_names.")(f)
		},
	},
	{
		id: "analytics-cookie", severity: mend, title: "Google Analytics cookie forwarded",
		why:   "The cookie differs in every browser, and only scripts in the browser read it.",
		notes: []string{"cloudfront.do-not-forward-google-analytics-cookie"}, link: cloudfrontDocs + "Cookies.html",
		check: func(f *finder) {
			analytics := func(s string) bool { return s == "_gid" || s == "_ga" || strings.HasPrefix(s, "_ga_") || s == "_ga*" }
			each("aws_cloudfront_cache_policy", both(is(cacheKey+"cookies_config.cookie_behavior", "whitelist"), element(cacheKey+"cookies_config.cookies.items", analytics)), "%s has the Google Analytics cookie in the cache key. Remove it.")(f)
			each("aws_cloudfront_origin_request_policy", both(is("cookies_config.cookie_behavior", "whitelist"), element("cookies_config.cookies.items", analytics)), "%s forwards the Google Analytics cookie. Remove it.")(f)
			each("aws_cloudfront_distribution", behaviours(element("forwarded_values.cookies.whitelisted_names", analytics)), "%s forwards the Google Analytics cookie. Remove it.")(f)
		},
	},
	{
		id: "reserved-query-strings", severity: fault, title: "Query string reserved by CloudFront",
		why:   "CloudFront uses Expires, Key-Pair-Id, Policy and Signature for signed URLs and removes them.",
		notes: []string{"cloudfront.reserved-query-strings"}, link: cloudfrontDocs + "QueryStringParameters.html",
		check: each("aws_cloudfront_cache_policy aws_cloudfront_origin_request_policy", either(
			element(cacheKey+"query_strings_config.query_strings.items", among("Expires", "Key-Pair-Id", "Policy", "Signature")),
			element("query_strings_config.query_strings.items", among("Expires", "Key-Pair-Id", "Policy", "Signature"))),
			"%s lists a parameter reserved for signed URLs. Use another name in the application."),
	},
	{
		id: "waf-scope", severity: fault, title: "Web ACL in the wrong scope",
		why:   "CloudFront uses web ACLs of scope CLOUDFRONT in us-east-1; everything else uses scope REGIONAL in its own region.",
		notes: []string{"waf.region-by-attached-resource"}, link: wafDocs + "web-acl.html",
		check: func(f *finder) {
			each("aws_wafv2_web_acl aws_wafv2_ip_set aws_wafv2_regex_pattern_set aws_wafv2_rule_group", both(is("scope", "CLOUDFRONT"), elsewhere("us-east-1")), "%s has scope CLOUDFRONT, which exists only in us-east-1.")(f)
			each("aws_cloudfront_distribution", comesFrom("web_acl_id", "aws_wafv2_web_acl", is("scope", "REGIONAL")), "The web ACL of %s has scope REGIONAL. CloudFront needs scope = \"CLOUDFRONT\".")(f)
			each("aws_wafv2_web_acl_association", comesFrom("web_acl_arn", "aws_wafv2_web_acl", is("scope", "CLOUDFRONT")), "The web ACL of %s has scope CLOUDFRONT, which is for distributions (web_acl_id). Use scope = \"REGIONAL\" here.")(f)
		},
	},
	{
		id: "waf-ip-set-meaning", defaults: true, severity: advice, title: "IP set with a meaningless name",
		why:   "In one set for everything, nobody knows whose addresses they are or dares to remove one.",
		notes: []string{"waf.ip-set-allow-by-meaning", "waf.ip-set-allow-by-organisation"}, link: wafDocs + "waf-ip-set-managing.html",
		check: each("aws_wafv2_ip_set", named("name", meaningless("ip", "ips", "set", "ipset", "address", "addresses", "allow", "allowed", "allowlist", "white", "whitelist", "list", "deny", "denied", "block", "blocked", "blocklist", "denylist", "black", "blacklist", "v4", "v6", "ipv4", "ipv6", "waf", "my")),
			"The name of %s does not say whose addresses these are. Use one set per purpose, such as office or partner-a."),
	},
	{
		id: "waf-regex-set-meaning", severity: advice, title: "Regex set with a meaningless name",
		why:   "Patterns for different parts of a request belong in separate sets.",
		notes: []string{"waf.regex-set-by-meaning"}, link: wafDocs + "waf-regex-pattern-set-managing.html",
		check: each("aws_wafv2_regex_pattern_set", named("name", meaningless("regex", "regexp", "pattern", "patterns", "set", "allow", "deny", "block", "list", "waf", "string", "strings", "my")),
			"The name of %s does not say what its patterns match. Use one set per purpose, such as user-agent or request-path."),
	},
	{
		id: "waf-rule-order", severity: fault, title: "Duplicate WAF rule priority",
		why:   "The first matching rule ends the evaluation, so every rule needs its own priority.",
		notes: []string{"waf.first-match-ends-evaluation"}, link: wafDocs + "web-acl-rule-actions.html",
		check: func(f *finder) {
			for _, acl := range f.of("aws_wafv2_web_acl aws_wafv2_rule_group") {
				rules, _ := acl.blocks("rule")
				seen := map[string]thing{}
				for _, r := range rules {
					p := r.text("priority")
					first, twice := seen[p]
					if p != "" && twice && !(r.dynamic && first.dynamic) { // those may exclude each other
						f.find(r.rng, "Two rules of %s have priority %s. Give each its own, because the first match decides.", acl.name(), p)
					}
					if !twice || first.dynamic {
						seen[p] = r
					}
				}
			}
		},
	},
	{
		id: "waf-rule-meaning", severity: advice, title: "WAF rule with more than one purpose",
		why:   "A rule that tests one thing and is named after it is easy to understand in a log.",
		notes: []string{"waf.rule-granularity"}, link: wafDocs + "waf-rules.html",
		check: each("aws_wafv2_web_acl aws_wafv2_rule_group", inside("rule", either(
			matches("name", meaningless("rule", "rules", "my", "waf", "test")), crowded("statement.and_statement"), crowded("statement.or_statement"))),
			"A rule of %s has a meaningless name or more than four statements. Split it, and name each part after what it tests."),
	},
	{
		id: "waf-managed-rules-count-first", severity: advice, title: "Managed rules that block from the start",
		why:   "A managed rule group may block legitimate requests, so count matches first.",
		notes: []string{"waf.managed-rule-count-first"}, link: wafDocs + "web-acl-testing.html",
		check: each("aws_wafv2_web_acl", inside("rule", both(given("statement.managed_rule_group_statement"), plain("override_action.none"), absent("statement.managed_rule_group_statement.rule_action_override"))),
			"A managed rule group of %s blocks from the start. Make override_action depend on a variable, and start with count."),
	},
}

// originCertificates finds the behaviours of a distribution that connect to a load
// balancer with a name that its certificate cannot hold.
func (f *finder) originCertificates(d thing) {
	origins, open := d.blocks("origin")
	for _, o := range origins {
		if _, secure := either(is("custom_origin_config.origin_protocol_policy", "https-only", "match-viewer"),
			comesFrom("vpc_origin_config.vpc_origin_id", "aws_cloudfront_vpc_origin", is("vpc_origin_endpoint_config.origin_protocol_policy", "https-only", "match-viewer")))(o); !secure {
			continue
		}
		if _, awsName := attribute("domain_name", "dns_name")(o); !awsName {
			continue
		}
		for _, b := range append(within(d, first), within(d, further)...) {
			only := len(origins) == 1 && !open
			switch id := b.text("target_origin_id"); {
			case !only && (id == "" || id != o.text("origin_id")):
			case !forwardsHost(b):
				f.find(b.rng, "%s connects to a load balancer by its AWS name, for which no certificate can be issued, and does not forward Host. Forward Host with an origin request policy, or use your own domain name for the load balancer.", d.name())
			default:
				f.otherDomain(d, o)
			}
		}
	}
}

// forwardsHost says whether a behaviour forwards the Host header, or may.
func forwardsHost(b thing) bool {
	if !b.has("origin_request_policy_id") {
		return b.has("forwarded_values")
	}
	_, no := comesFrom("origin_request_policy_id", "aws_cloudfront_origin_request_policy", either(
		is("name", "Managed-AllViewerExceptHostHeader", "Managed-CORS-S3Origin", "Managed-CORS-CustomOrigin", "Managed-UserAgentRefererHeaders"),
		is("headers_config.header_behavior", "none"),
		both(is("headers_config.header_behavior", "whitelist"), lacks("headers_config.headers.items", "Host"))))(b)
	return !no
}

// otherDomain finds an origin whose certificate holds none of the distribution's
// names, though Host is forwarded.
func (f *finder) otherDomain(d, origin thing) {
	names := d.labels("aliases")
	balancers, _ := origin.reach("domain_name", "aws_lb")
	for _, lb := range balancers {
		for _, l := range lb.users("aws_lb_listener", "load_balancer_arn") {
			certificates, whole := l.reach("certificate_arn", "aws_acm_certificate")
			if !whole || len(certificates) != 1 || len(l.users("aws_lb_listener_certificate", "listener_arn")) > 0 {
				continue
			}
			own := append(certificates[0].labels("domain_name"), certificates[0].labels("subject_alternative_names")...)
			if len(names) > 0 && len(own) > 0 && !slices.Contains(own, "") && !slices.ContainsFunc(names, func(n string) bool { return n == "" || covered(own, n) }) {
				a, _ := l.arg("certificate_arn")
				f.find(a.expr.Range(), "The certificate of %s is for %s, but %s forwards Host with other names. Request one for the names in aliases.", l.name(), certificates[0].name(), d.name())
			}
		}
	}
}

// covered says whether one of a certificate's names is, or stands for, a name.
func covered(names []string, name string) bool {
	_, parent, _ := strings.Cut(name, ".")
	return slices.Contains(names, name) || slices.Contains(names, "*."+parent)
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

// validatedElsewhere says whether the validation of a certificate for CloudFront is in
// another region than the certificate. Where one of them is in a region of its own and
// the other in that of the module, it is.
func validatedElsewhere(v, c thing) bool {
	if !usedByCloudFront(c) {
		return false
	}
	own, known := v.region()
	there, also := c.region()
	if known && also {
		return own != there
	}
	return v.has("region") != c.has("region") && !v.has("provider") && !c.has("provider")
}

// early finds the listeners and distributions that take a certificate without waiting
// for its validation.
func (f *finder) early(c thing) {
	if !c.unused("aws_acm_certificate_validation", "certificate_arn") && len(c.users("aws_acm_certificate_validation", "certificate_arn")) == 0 {
		return // it may be validated elsewhere
	}
	for types, path := range map[string]string{"aws_lb_listener aws_lb_listener_certificate": "certificate_arn", "aws_cloudfront_distribution": "viewer_certificate.acm_certificate_arn"} {
		for _, u := range f.everywhere(types) {
			args, _ := u.args(path)
			for _, a := range args {
				refs, _ := a.refs()
				if slices.ContainsFunc(refs, func(r ref) bool { return r.res == c.res }) && !u.waitsFor("aws_acm_certificate_validation") {
					f.find(a.expr.Range(), "%s uses %s before it is issued. Wait for it with aws_acm_certificate_validation, and use its certificate_arn.", u.name(), c.name())
				}
			}
		}
	}
}

// waitsFor says whether depends_on of a resource, or of a call that it is made by, names
// one of a type, or a module with one.
func (t thing) waitsFor(typ string) bool {
	if t.m.dependsOn(t.res.Block, typ) {
		return true
	}
	for by, call := t.m.Caller(); call != nil; by, call = by.Caller() {
		if moduleOf(by).dependsOn(call, typ) {
			return true
		}
	}
	return false
}

// dependsOn says whether depends_on of a block names a resource of a type, or a module
// with one.
func (m *module) dependsOn(b *hclsyntax.Block, typ string) bool {
	a := b.Body.Attributes["depends_on"]
	return a != nil && slices.ContainsFunc(a.Expr.Variables(), func(x hcl.Traversal) bool {
		if x.RootName() != "module" {
			return x.RootName() == typ
		}
		called := m.Called(stepName(x, 1))
		return called != nil && len(called.Of(typ)) > 0
	})
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

// named is true when the predicate holds for what a name says beside that of the
// system.
func named(path string, pred func(string) bool) test {
	return func(t thing) (hcl.Range, bool) {
		copies, _ := t.copies()
		for _, c := range copies {
			a, ok := c.arg(path)
			if own := strings.Trim(strings.ReplaceAll(c.label(path), standIn, ""), "-_"); ok && own != "" && pred(own) {
				return a.expr.Range(), true
			}
		}
		return hcl.Range{}, false
	}
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
		f.find(a.expr.Range(), "%s uses %s to reach %s, which has no listener for it. Use the same protocol on both sides.", owner.name(), want, found[0].name())
	}
}
