locals {
  port = var.engine == "aurora-mysql" ? 3306 : 5432
  logs = var.engine == "aurora-mysql" ? ["audit", "error", "general", "instance", "slowquery", "iam-db-auth-error"] : ["instance", "postgresql", "iam-db-auth-error"]
}

# The cluster stores the data in its volume; the instances below provide compute.
# notes: aurora.cluster-architecture instances compute; the cluster volume stores
resource "aws_rds_cluster" "this" {
  # checkov:skip=CKV_AWS_326:restoring to a point in time does the same, for both engines
  # checkov:skip=CKV2_AWS_8:Aurora keeps its own backups; a backup plan belongs to the account
  # checkov:skip=CKV_AWS_327:the AWS managed key outlives the cluster and so keeps its snapshots readable
  cluster_identifier = "${var.name}-db"
  engine             = var.engine                                                                # notes: aurora.cluster-only-for-aurora-engine a cluster is only for Aurora
  engine_version     = var.engine == "aurora-mysql" ? var.mysql_version : var.postgresql_version # notes: rds.engine-version-cluster-wide one version for all instances
  database_name      = replace(var.name, "-", "_")

  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this.name # notes: aurora.cluster-parameter-group-over-instance, aurora.parameter-group-created-first one group for all instances, created first
  db_subnet_group_name            = aws_db_subnet_group.this.name             # notes: aurora.private-subnet private subnets
  vpc_security_group_ids          = [aws_security_group.this.id]
  port                            = local.port

  master_username                     = "dbadmin" # departs: aurora.master-username not a name that attackers try first
  manage_master_user_password         = true      # departs: aurora.master-password the password is neither in a file nor in the state
  iam_database_authentication_enabled = true      # notes: aurora.authentication-set-on-cluster the same for all instances

  storage_encrypted               = true
  kms_key_id                      = var.kms_key_arn           # why: null is aws/rds; a key created here would be destroyed with the cluster, and its snapshots lost
  backup_retention_period         = var.backup_retention_days # notes: aurora.backup-retention-period 7 days, unless chosen otherwise
  preferred_backup_window         = var.backup_window
  delete_automated_backups        = var.disposable # why: they survive a cluster deleted by mistake
  copy_tags_to_snapshot           = true
  enabled_cloudwatch_logs_exports = local.logs # notes: aurora.cloudwatch-log-exports-all, aurora.param-server-audit-logs-upload every log of the engine, including the audit log
  database_insights_mode          = "standard" # why: a week of load by statement and wait event, free of charge

  preferred_maintenance_window = var.maintenance_window # notes: rds.maintenance-window-not-weekend, rds.maintenance-window-utc in UTC, never on a weekend
  apply_immediately            = false                  # notes: aurora.planned-downtime changes wait for the maintenance window
  allow_major_version_upgrade  = var.major_upgrade
  deletion_protection          = var.deletion_protection
  skip_final_snapshot          = var.disposable
  final_snapshot_identifier    = "${var.name}-db-final-${substr(aws_security_group.this.id, 3, -1)}" # why: the ID is new each time the module is created, so the name is free

  dynamic "serverlessv2_scaling_configuration" {
    for_each = var.size.class == "db.serverless" ? [var.size] : []

    content {
      min_capacity = serverlessv2_scaling_configuration.value.min_capacity
      max_capacity = serverlessv2_scaling_configuration.value.max_capacity
    }
  }

  # bpgen:if var.engine == "aurora-postgresql"
  # checkov:skip=CKV2_AWS_27:the parameter group sets both, in a dynamic block

  depends_on = [aws_cloudwatch_log_group.this] # why: otherwise Aurora creates the groups itself, and would keep their logs forever
}

# One instance writes; the others serve reads and take over if it fails.
# notes: aurora.instance-roles, aurora.replication-topology one primary writes; replicas read
resource "aws_rds_cluster_instance" "this" {
  # checkov:skip=CKV_AWS_226:minor versions are upgraded if the version is not pinned
  # checkov:skip=CKV_AWS_354:the AWS managed key encrypts a week of metrics just as well
  count = var.size.instances # notes: aurora.multi-az-replica a replica in another zone

  identifier         = "${var.name}-db-${count.index + 1}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  instance_class     = var.size.class
  promotion_tier     = min(count.index, 15) # notes: aurora.promotion-priority, aurora.promotion-order the lowest number is promoted first

  publicly_accessible          = false                                                                                                 # notes: aurora.publicly-accessible no public address
  auto_minor_version_upgrade   = var.engine == "aurora-mysql" ? var.mysql_version == "8.0" : !strcontains(var.postgresql_version, ".") # notes: aurora.auto-minor-version-upgrade on where the version is not pinned, as in development
  preferred_maintenance_window = var.maintenance_window
  apply_immediately            = false
  copy_tags_to_snapshot        = true

  performance_insights_enabled    = true # why: Database Insights shows these counters
  performance_insights_kms_key_id = var.kms_key_arn
  monitoring_interval             = 60 # why: shows operating system metrics, which RDS hides
  monitoring_role_arn             = aws_iam_role.monitoring.arn
}

# notes: aurora.parameter-group-choice a custom one
resource "aws_rds_cluster_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = var.engine == "aurora-mysql" ? "aurora-mysql8.0" : "aurora-postgresql${split(".", var.postgresql_version)[0]}"
  description = "Cluster parameters of ${var.name}"

  dynamic "parameter" {
    for_each = var.engine == "aurora-mysql" ? merge({
      # All characters, including emoji.
      character_set_client     = "utf8mb4" # notes: aurora.param-character-set-client
      character_set_connection = "utf8mb4" # notes: aurora.param-character-set-connection
      character_set_database   = "utf8mb4" # notes: aurora.param-character-set-database
      character_set_results    = "utf8mb4" # notes: aurora.param-character-set-results
      character_set_server     = "utf8mb4" # notes: aurora.param-character-set-server

      slow_query_log  = "1" # notes: aurora.param-slow-query-log on
      long_query_time = "3" # notes: aurora.param-long-query-time 3 seconds or more is slow

      server_audit_logging = "1"                           # notes: aurora.param-server-audit-logging on
      server_audit_events  = "CONNECT,QUERY_DCL,QUERY_DDL" # why: without events nothing is written

      require_secure_transport = "ON"          # why: requires TLS
      time_zone                = var.time_zone # notes: aurora.param-time-zone the users' time zone
      },
      var.size.class == "db.t4g.medium" ? { performance_schema = "1" } : {}, # notes: cloudwatch-metrics.performance-schema Performance Insights needs it; on other classes RDS turns it on
      var.log_statements ? { general_log = "1" } : {},                       # notes: aurora.param-general-log every statement, unless turned off
      var.parameters) : merge({
        log_connections            = "1"           # why: connections
        log_min_duration_statement = "3000"        # notes: aurora.param-slow-query-log, aurora.param-long-query-time statements of 3 seconds or more
        log_statement              = "ddl"         # why: changes
        timezone                   = var.time_zone # notes: aurora.param-time-zone the users' time zone
    }, var.parameters)

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = parameter.key == "performance_schema" ? "pending-reboot" : "immediate" # departs: aurora.parameter-apply-type the one static parameter needs a restart, dynamic ones do not
    }
  }

  lifecycle {
    create_before_destroy = true # why: a new major version needs its group first
  }
}

resource "aws_db_subnet_group" "this" {
  name        = "${var.name}-datastore" # notes: aurora.datastore-subnet-name named like the subnets
  description = "Data store subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  for_each = toset(local.logs)

  name              = "/aws/rds/cluster/${var.name}-db/${each.key}"
  retention_in_days = var.log_retention_days
}

# Lets RDS write operating system metrics to CloudWatch.
resource "aws_iam_role" "monitoring" {
  name = "${var.name}-db-monitoring-${data.aws_region.current.id}" # why: role names are global, and the system may run in a second region

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } } # why: not for databases in another account
    }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# The application reads the host from here, and depends on it.
resource "aws_ssm_parameter" "host" {
  # checkov:skip=CKV_AWS_337:a host name is not a secret
  name  = "/${var.name}/DB_HOST"        # notes: ssm-parameter-store.name-format /<system>/<variable>
  type  = "SecureString"                # notes: ssm-parameter-store.type every parameter is encrypted
  value = aws_rds_cluster.this.endpoint # notes: aurora.connect-to-primary, aurora.cluster-endpoint, aurora.instance-endpoint-not-recommended the primary, whichever instance it is

  depends_on = [aws_rds_cluster_instance.this] # why: a cluster has its host name before any instance answers
}

resource "aws_ssm_parameter" "reader_host" {
  count = var.reader_endpoint ? 1 : 0

  # checkov:skip=CKV_AWS_337:a host name is not a secret
  name  = "/${var.name}/DB_READER_HOST"
  type  = "SecureString"
  value = aws_rds_cluster.this.reader_endpoint # notes: aurora.split-endpoints-by-crud, aurora.reader-endpoint reads are distributed across the readers
}

resource "aws_security_group" "this" {
  name        = "${var.name}-db"
  description = "Database of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id # notes: security-group.rds-source, aurora.cluster-security-group the application's group
  description                  = "Database access from the application"
  ip_protocol                  = "tcp"
  from_port                    = local.port # notes: security-group.rds-mysql the engine's port, 3306 for MySQL
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "client" {
  security_group_id            = var.client_security_group_id
  referenced_security_group_id = aws_security_group.this.id
  description                  = "Access to the database"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}
