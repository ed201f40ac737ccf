package notes

import (
	"slices"
	"strings"
)

const (
	auroraDocs = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
	cacheDocs  = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
	s3Docs     = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
)

const clusters = "aws_rds_cluster aws_db_instance"

// data are the rules about databases, caches, parameters and buckets.
var data = []*rule{
	{
		id: "deletion-protection", defaults: true, severity: fault, title: "Database without deletion protection",
		why:   "Deleting the cluster deletes its volume, and all data with it.",
		notes: []string{"aurora.deletion-protection"}, link: auroraDocs + "USER_DeleteCluster.html",
		check: each(clusters, both(absent("replicate_source_db", "replication_source_identifier"), off("deletion_protection")), "%s can be deleted with one command. Set deletion_protection = true."),
	},
	{
		id: "parameter-group-reference", severity: fault, title: "Parameter group referenced by name",
		why:   "Terraform creates the group before the cluster only if the cluster refers to it.",
		notes: []string{"aurora.parameter-group-created-first", "elasticache-redis.custom-parameter-group-first"}, link: auroraDocs + "USER_WorkingWithParamGroups.html",
		check: func(f *finder) {
			for _, pair := range [][3]string{
				{"aws_rds_cluster", "db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group"}, {"aws_db_instance", "parameter_group_name", "aws_db_parameter_group"},
				{"aws_rds_cluster_instance", "db_parameter_group_name", "aws_db_parameter_group"},
				{"aws_elasticache_replication_group", "parameter_group_name", "aws_elasticache_parameter_group"}, {"aws_elasticache_cluster", "parameter_group_name", "aws_elasticache_parameter_group"},
			} {
				for _, t := range f.of(pair[0]) {
					a, ok := t.arg(pair[1])
					if !ok || t.text(pair[1]) == "" {
						continue
					}
					if refs, _ := a.refs(); len(refs) > 0 {
						continue
					}
					for _, g := range f.everywhere(pair[2]) {
						if g.text("name") == t.text(pair[1]) {
							f.find(a.expr.Range(), "%s names a group that this module creates, without a dependency on it. Use %s.name.", t.name(), g.name())
						}
					}
				}
			}
		},
	},
	{
		id: "parameter-group-own", severity: advice, title: "Default parameter group",
		why:   "The default group cannot be modified, and replacing it later requires a restart.",
		about: []string{"aurora.parameter-group-created-first", "elasticache-redis.custom-parameter-group-first"}, link: auroraDocs + "USER_WorkingWithParamGroups.html",
		check: func(f *finder) {
			each("aws_rds_cluster", either(absent("db_cluster_parameter_group_name"), matches("db_cluster_parameter_group_name", prefixed("default."))), "%s uses the default parameter group. Create your own, and set it here.")(f)
			each("aws_elasticache_replication_group", both(absent("global_replication_group_id"), either(absent("parameter_group_name"), matches("parameter_group_name", prefixed("default.")))), "%s uses the default parameter group. Create your own, and set it here.")(f)
		},
	},
	{
		id: "aurora-cluster-parameters", severity: advice, title: "Parameters set on a single instance",
		why:   "After a failover another instance takes over, and should have the same parameters.",
		notes: []string{"aurora.cluster-parameter-group-over-instance"}, link: auroraDocs + "USER_WorkingWithDBClusterParamGroups.html",
		check: each("aws_rds_cluster_instance", both(comesFrom("cluster_identifier", "aws_rds_cluster"), given("db_parameter_group_name")), "%s has its own parameters. Set them in the cluster's parameter group where possible."),
	},
	{
		id: "log-exports", defaults: true, severity: mend, title: "Database logs that are not exported",
		why:   "Logs on the instance are lost with it and cannot be searched.",
		notes: []string{"aurora.cloudwatch-log-exports-all"}, link: auroraDocs + "AuroraMySQL.Integrating.CloudWatch.html",
		check: func(f *finder) {
			each("aws_rds_cluster", both(is("engine", "aurora-mysql"), either(absent("enabled_cloudwatch_logs_exports"), lacks("enabled_cloudwatch_logs_exports", "audit", "error", "general", "slowquery"))),
				"%s does not export all of its logs. Set enabled_cloudwatch_logs_exports = [\"audit\", \"error\", \"general\", \"slowquery\"] or more.")(f)
			each("aws_rds_cluster", both(is("engine", "aurora-postgresql"), either(absent("enabled_cloudwatch_logs_exports"), lacks("enabled_cloudwatch_logs_exports", "postgresql"))),
				"%s does not export its log. Set enabled_cloudwatch_logs_exports = [\"postgresql\"] or more.")(f)
		},
	},
	{
		id: "aurora-class", defaults: true, severity: fault, title: "Burstable class that Aurora does not support",
		why:   "Among the burstable classes, Aurora supports only db.t3 and db.t4g.",
		notes: []string{"aurora.burstable-instance-class"}, link: auroraDocs + "Concepts.DBInstanceClass.SupportAurora.html",
		check: each("aws_rds_cluster_instance", matches("instance_class", func(s string) bool { return strings.HasPrefix(s, "db.t") && !burstable(s) }),
			"%s has a class that Aurora does not support. Use db.t4g or db.t3, or a non-burstable class for production."),
	},
	{
		id: "burstable-class", defaults: true, severity: advice, title: "Class that is not burstable",
		why:   "Burstable classes cost less while the load is low; AWS recommends the others for production.",
		notes: []string{"aurora.burstable-instance-class"}, link: auroraDocs + "Concepts.DBInstanceClass.Types.html",
		check: each("aws_rds_cluster_instance", matches("instance_class", func(s string) bool {
			return strings.HasPrefix(s, "db.") && !strings.HasPrefix(s, "db.t") && s != "db.serverless"
		}), "%s has a class that costs the same however low the load is. Use db.t4g or db.t3 outside production, and keep this one where the load needs it."),
	},
	{
		id: "cluster-engine", severity: fault, title: "Engine that has no clusters",
		why:   "Clusters exist for Aurora and, as Multi-AZ clusters with an instance class, for MySQL and PostgreSQL.",
		notes: []string{"aurora.cluster-only-for-aurora-engine"}, link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html",
		check: each("aws_rds_cluster", either(is("engine", "mariadb", "sqlserver-se", "sqlserver-ee", "oracle-ee"), both(is("engine", "mysql", "postgres"), absent("db_cluster_instance_class"))),
			"%s cannot be a cluster with this engine. Use an Aurora engine, set db_cluster_instance_class for a Multi-AZ cluster, or use aws_db_instance."),
	},
	{
		id: "instance-endpoint", severity: mend, title: "Endpoint of a single instance",
		why:   "After a failover the endpoint of an instance points to a replica, which is read-only.",
		notes: []string{"aurora.instance-endpoint-not-recommended", "aurora.connect-to-primary"}, link: auroraDocs + "Aurora.Overview.Endpoints.html",
		check: func(f *finder) {
			for _, p := range []struct{ types, path string }{{"aws_ssm_parameter", "value"}, {"aws_route53_record", "records"}, {"aws_secretsmanager_secret_version", "secret_string"}, {"aws_lambda_function", "environment.variables"}} {
				for _, t := range f.of(p.types) {
					args, _ := t.args(p.path)
					for _, a := range args {
						refs, _ := a.refs()
						if slices.ContainsFunc(refs, func(r ref) bool { return r.res.Type == "aws_rds_cluster_instance" && r.attr == "endpoint" }) {
							f.find(a.expr.Range(), "%s exposes the endpoint of one instance. Use the cluster endpoint, which follows the primary.", t.name())
						}
					}
				}
			}
		},
	},
	{
		id: "changes-in-maintenance-window", defaults: true, severity: mend, title: "Changes applied immediately",
		why:   "Changes that restart the database belong in the maintenance window.",
		notes: []string{"aurora.planned-downtime", "elasticache-redis.plan-downtime-for-upgrade"}, link: auroraDocs + "Aurora.Modifying.html",
		check: each("aws_rds_cluster aws_rds_cluster_instance aws_db_instance aws_elasticache_replication_group aws_elasticache_cluster", is("apply_immediately", "true"),
			"%s may restart whenever a change is applied. Set apply_immediately = false, and use true only for a change that cannot wait."),
	},
	{
		id: "maintenance-window", severity: mend, title: "Maintenance window not set",
		why:   "Without a window AWS picks one at random, possibly at peak time.",
		notes: []string{"rds.maintenance-window-low-connections"}, link: auroraDocs + "USER_UpgradeDBInstance.Maintenance.html",
		check: func(f *finder) {
			each("aws_rds_cluster", absent("preferred_maintenance_window"), "Set preferred_maintenance_window of %s to hours when DatabaseConnections is low.")(f)
			each("aws_db_instance", both(absent("replicate_source_db"), absent("maintenance_window")), "Set maintenance_window of %s to hours when DatabaseConnections is low.")(f)
		},
	},
	{
		id: "maintenance-not-on-weekend", defaults: true, severity: mend, title: "Maintenance on the weekend",
		why:   "The window is in UTC, and on the operators' weekend nobody is there to fix what breaks.",
		notes: []string{"rds.maintenance-window-not-weekend"}, about: []string{"rds.maintenance-window-utc"}, link: auroraDocs + "USER_UpgradeDBInstance.Maintenance.html",
		check: func(f *finder) {
			users := f.Home()
			from, to := users.Weekend()
			weekend := "The maintenance window of %s is on the weekend in " + users.Zone + ". Use a window between " + to + " and " + from + " in UTC."
			each("aws_rds_cluster aws_rds_cluster_instance", matches("preferred_maintenance_window", users.OnWeekend), weekend)(f)
			each("aws_db_instance aws_elasticache_replication_group aws_elasticache_cluster", matches("maintenance_window", users.OnWeekend), weekend)(f)
		},
	},
	{
		id: "failover-zones", defaults: true, severity: mend, title: "Cluster in one zone",
		why:   "If the zone fails, there is nothing to fail over to.",
		notes: []string{"aurora.failover-replica-in-other-az"}, link: auroraDocs + "Concepts.AuroraHighAvailability.html",
		check: func(f *finder) {
			for _, c := range f.of("aws_rds_cluster") {
				f.failover(c)
			}
		},
	},
	{
		id: "engine-version-of-cluster", severity: fault, title: "Engine version set on a single instance",
		why:   "The cluster's version applies to all of its instances.",
		notes: []string{"rds.engine-version-cluster-wide"}, link: auroraDocs + "USER_UpgradeDBInstance.Upgrading.html",
		check: func(f *finder) {
			for _, i := range f.of("aws_rds_cluster_instance") {
				found, _ := i.reach("cluster_identifier", "aws_rds_cluster")
				for _, c := range found {
					if own := i.text("engine_version"); own != "" && c.text("engine_version") != "" && own != c.text("engine_version") {
						f.find(i.rng, "%s has version %s, but its cluster has %s. Write engine_version = %s.engine_version, or leave it out.", i.name(), own, c.text("engine_version"), c.name())
					}
				}
			}
		},
	},
	{
		id: "cache-version-pinned", defaults: true, severity: mend, title: "Cache version not pinned",
		why:   "AWS upgrades an unpinned version, with a restart, at any time.",
		notes: []string{"elasticache-redis.engine-version-not-6-x"}, link: cacheDocs + "supported-engine-versions.html",
		check: each("aws_elasticache_replication_group aws_elasticache_cluster", either(
			matches("engine_version", func(s string) bool { return strings.HasSuffix(s, ".x") || !strings.Contains(s, ".") }),
			both(given("engine_version"), absent("auto_minor_version_upgrade"), redisOrValkey), is("auto_minor_version_upgrade", "true")),
			"Pin engine_version of %s to a major and minor version, such as \"7.1\", and set auto_minor_version_upgrade = false."),
	},
	{
		id: "parameters-encrypted", defaults: true, severity: mend, title: "Parameter in plain text",
		why:   "Parameters for containers should be encrypted with KMS; they are decrypted when read.",
		notes: []string{"ssm-parameter-store.kms-encryption"}, link: "https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
		check: each("aws_ssm_parameter", is("type", "String", "StringList"), "%s is stored in plain text. Set type = \"SecureString\"."),
	},
	{
		id: "bucket-public-access", defaults: true, severity: mend, title: "Bucket without public access block",
		why:   "Log delivery needs an ACL or a policy but no public access, so the block can be on everywhere.",
		about: []string{"s3.cloudfront-log-public-access"}, link: s3Docs + "access-control-block-public-access.html",
		check: each("aws_s3_bucket_public_access_block aws_s3_account_public_access_block", either(off("block_public_acls"), off("block_public_policy"), off("ignore_public_acls"), off("restrict_public_buckets")),
			"%s does not block all public access. Set all four arguments to true."),
	},
	{
		id: "open-bucket-policy", severity: mend, title: "Open bucket without a policy",
		why:   "Without the public access block, a policy must say who may read.",
		notes: []string{"s3.bucket-policy-with-bpa-off"}, link: s3Docs + "access-policy-language-overview.html",
		check: func(f *finder) {
			for _, p := range f.of("aws_s3_bucket_public_access_block") {
				found, _ := p.reach("bucket", "aws_s3_bucket")
				for _, b := range found {
					if at, yes := is("block_public_policy", "false")(p); yes && b.unused("aws_s3_bucket_policy", "bucket") && !b.has("policy") {
						f.find(at, "Public access to %s is not blocked, and no policy says who may read. Add one, or turn the block on.", b.name())
					}
				}
			}
		},
	},
	{
		id: "log-bucket-policy", severity: fault, title: "Log bucket without write permission",
		why:   "Load balancers need a bucket policy to write their logs; CloudFront classic logs need an ACL.",
		notes: []string{"s3.log-bucket-policy-required", "s3.alb-log-policy-required"}, link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
		check: func(f *finder) {
			for _, lb := range f.of("aws_lb aws_alb") {
				found, _ := lb.reach("access_logs.bucket", "aws_s3_bucket")
				for _, b := range found {
					if b.unused("aws_s3_bucket_policy", "bucket") && !b.has("policy") {
						f.find(lb.rng, "%s cannot write to %s, which has no bucket policy. Allow s3:PutObject to logdelivery.elasticloadbalancing.amazonaws.com.", lb.name(), b.name())
					}
				}
			}
			for _, d := range f.of("aws_cloudfront_distribution") {
				found, _ := d.reach("logging_config.bucket", "aws_s3_bucket")
				for _, b := range found {
					_, no := used("aws_s3_bucket_ownership_controls", "bucket", is("rule.object_ownership", "BucketOwnerEnforced"))(b)
					if no || b.unused("aws_s3_bucket_ownership_controls", "bucket") {
						f.find(d.rng, "%s cannot write to %s, which has no ACLs. Set object_ownership = \"BucketOwnerPreferred\" in aws_s3_bucket_ownership_controls.", d.name(), b.name())
					}
				}
			}
		},
	},
	{
		id: "bucket-arn", severity: fault, title: "Bucket ARN where an object ARN is needed",
		why:   "Actions on objects need the ARN with /*, actions on the bucket the ARN without it.",
		notes: []string{"s3.arn-suffix"}, link: s3Docs + "security_iam_service-with-iam.html",
		check: func(f *finder) {
			objects := func(a string) bool {
				return among("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:PutObjectAcl")(a)
			}
			buckets := among("s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketAcl")
			for _, p := range f.of("aws_s3_bucket_policy aws_iam_policy aws_iam_role_policy aws_iam_user_policy") {
				for _, s := range p.statements() {
					if !s.known || len(s.resources) == 0 {
						continue
					}
					plain, below, unknown := 0, 0, 0
					for _, r := range s.resources {
						refs, whole := f.refs(r, nil, 0)
						switch tail := f.tail(r); {
						case tail == "*" || strings.Contains(tail, "/") || strings.HasSuffix(tail, "*"):
							below++
						case strings.HasPrefix(tail, "arn:aws:s3:::"), whole && len(refs) == 1 && refs[0].res.Type == "aws_s3_bucket" && refs[0].attr == "arn" && tail == "":
							plain++
						default:
							unknown++
						}
						if tail := f.tail(r); tail == "*" {
							unknown++
						}
					}
					switch every := func(pred func(string) bool) bool {
						return !slices.ContainsFunc(s.actions, func(a string) bool { return !pred(a) })
					}; {
					case unknown > 0:
					case below == 0 && every(objects):
						f.find(s.at, "A statement of %s allows actions on objects, but its resource is the bucket. Append /* to the ARN.", p.name())
					case plain == 0 && every(buckets):
						f.find(s.at, "A statement of %s allows actions on the bucket, but its resources are the objects. Use the ARN without /*.", p.name())
					}
				}
			}
		},
	},
	{
		id: "bucket-origin-policy", severity: fault, title: "Bucket that CloudFront cannot read",
		why:   "Origin access control only signs the requests; the bucket policy must allow them.",
		notes: []string{"s3.cloudfront-read-policy-required"}, link: cloudfrontDocs + "private-content-restricting-access-to-s3.html",
		check: func(f *finder) {
			for _, d := range f.of("aws_cloudfront_distribution") {
				origins, _ := d.blocks("origin")
				for _, o := range origins {
					found, _ := o.reach("domain_name", "aws_s3_bucket")
					for _, b := range found {
						if o.has("origin_access_control_id") && b.unused("aws_s3_bucket_policy", "bucket") && !b.has("policy") {
							f.find(o.rng, "%s has no bucket policy, so %s cannot read it. Allow s3:GetObject to cloudfront.amazonaws.com with the distribution as AWS:SourceArn.", b.name(), d.name())
						}
					}
				}
			}
		},
	},
	{
		id: "bucket-policy-lambda", severity: advice, title: "Bucket policy for Lambda",
		why:   "A Lambda function reads a bucket with its role, never as the Lambda service.",
		notes: []string{"s3.lambda-no-bucket-policy"}, link: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
		check: func(f *finder) {
			for _, p := range f.of("aws_s3_bucket_policy") {
				for _, s := range p.statements() {
					if s.allow && slices.Contains(s.services, "lambda.amazonaws.com") {
						f.find(s.at, "%s allows the Lambda service, which has no effect. Give the permissions to the role of the function.", p.name())
					}
				}
			}
		},
	},
	{
		id: "bucket-policy-everyone", severity: fault, title: "Bucket policy for everyone",
		why:   "A statement for every principal without a condition, such as on addresses, makes the objects public.",
		notes: []string{"s3.ip-restriction-required"}, link: s3Docs + "example-bucket-policies.html",
		check: func(f *finder) {
			for _, p := range f.of("aws_s3_bucket_policy") {
				for _, s := range p.statements() {
					if s.allow && s.anyone && !s.condition {
						f.find(s.at, "%s allows this to everyone on the internet. Name the principals, or add a condition on aws:SourceIp.", p.name())
					}
				}
			}
		},
	},
}

// failover finds a cluster that has nothing in another zone.
func (f *finder) failover(cluster thing) {
	var instances []thing
	whole := f.Whole() && !cluster.has("global_cluster_identifier")
	for _, i := range cluster.users("aws_rds_cluster_instance", "cluster_identifier") {
		copies, known := i.copies()
		instances, whole = append(instances, copies...), whole && known
	}
	zones := map[string]bool{}
	for _, i := range instances {
		zones[i.text("availability_zone")] = true
	}
	switch {
	case len(instances) > 1 && len(zones) == 1 && !zones[""]:
		f.find(instances[0].rng, "All instances of %s are in one zone. Put a replica in another zone.", cluster.name())
	case len(instances) == 1 && whole:
		f.find(instances[0].repetition(), "%s has a single instance. Add a replica in another zone.", cluster.name())
	}
}

// burstable says whether a class is one of Aurora's burstable ones.
func burstable(class string) bool { return prefixed("db.t3.", "db.t4g.")(class) }

// redisOrValkey is true when the engine is one of those that raise minor versions.
var redisOrValkey = either(absent("engine"), is("engine", "redis", "valkey"))
