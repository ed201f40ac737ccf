locals {
  port    = var.engine == "postgres" ? 5432 : 3306
  version = var.engine == "mysql" ? var.mysql_version : var.engine == "mariadb" ? var.mariadb_version : var.postgresql_version
  major   = var.engine == "postgres" ? split(".", local.version)[0] : join(".", slice(split(".", local.version), 0, 2))
  logs    = var.engine == "postgres" ? ["postgresql", "upgrade", "iam-db-auth-error"] : ["audit", "error", "general", "slowquery", "iam-db-auth-error"]
}

resource "aws_db_instance" "this" {
  # checkov:skip=CKV_AWS_157:a standby is configured per environment with database_size
  # checkov:skip=CKV_AWS_226:minor versions are upgraded if the version is not pinned
  # checkov:skip=CKV_AWS_354:the AWS managed key encrypts a week of metrics just as well
  identifier     = "${var.name}-db"
  engine         = var.engine    # notes: rds.engine-type, rds.aurora-or-non-aurora cheaper than Aurora, with less fault tolerance
  engine_version = local.version # why: only the minor version may be left out
  instance_class = var.size.class
  db_name        = replace(var.name, "-", "_")

  storage_type          = "gp3"
  allocated_storage     = var.storage.initial
  max_allocated_storage = var.storage.maximum # why: grows automatically, up to a limit
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn # why: null is aws/rds; a key created here would be destroyed with the instance, and its snapshots lost

  multi_az               = var.size.instances > 1 # notes: rds-non-aurora.failover-standby the standby takes over if a zone fails
  parameter_group_name   = aws_db_parameter_group.this.name
  option_group_name      = var.engine == "postgres" ? null : aws_db_option_group.this[0].name
  db_subnet_group_name   = aws_db_subnet_group.this.name # notes: aurora.private-subnet private subnets
  vpc_security_group_ids = [aws_security_group.this.id]
  port                   = local.port
  publicly_accessible    = false

  username                            = "dbadmin"
  manage_master_user_password         = true # departs: aurora.master-password the password is neither in a file nor in the state
  iam_database_authentication_enabled = true # why: people may log in with short-lived tokens

  backup_retention_period         = var.backup_retention_days # notes: aurora.backup-retention-period 7 days, unless chosen otherwise
  backup_window                   = var.backup_window
  copy_tags_to_snapshot           = true
  enabled_cloudwatch_logs_exports = local.logs # notes: aurora.cloudwatch-log-exports-all every log of the engine

  maintenance_window          = var.maintenance_window                                                  # notes: rds.maintenance-window-not-weekend, rds.maintenance-window-utc in UTC, never on a weekend
  apply_immediately           = false                                                                   # notes: aurora.planned-downtime changes wait for the maintenance window
  auto_minor_version_upgrade  = length(split(".", local.version)) == (var.engine == "postgres" ? 1 : 2) # notes: aurora.auto-minor-version-upgrade on where the version is not pinned, as in development
  allow_major_version_upgrade = var.major_upgrade
  deletion_protection         = var.deletion_protection # notes: aurora.deletion-protection on, because deletion takes the data with it
  delete_automated_backups    = var.disposable          # why: they survive an instance deleted by mistake
  skip_final_snapshot         = var.disposable
  final_snapshot_identifier   = "${var.name}-db-final-${substr(aws_security_group.this.id, 3, -1)}" # why: the ID is new each time the module is created, so the name is free

  database_insights_mode          = "standard" # why: a week of load by statement and wait event, free of charge
  performance_insights_enabled    = true       # why: Database Insights shows these counters
  performance_insights_kms_key_id = var.kms_key_arn
  monitoring_interval             = 60 # why: shows operating system metrics, which RDS hides
  monitoring_role_arn             = aws_iam_role.monitoring.arn

  depends_on = [aws_cloudwatch_log_group.this] # why: otherwise RDS creates the groups itself, and would keep their logs forever
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "${var.engine}${local.major}"
  description = "Parameters of ${var.name}"

  dynamic "parameter" {
    for_each = var.engine == "postgres" ? merge({
      log_connections            = "1"           # why: connections
      log_min_duration_statement = "3000"        # notes: aurora.param-slow-query-log, aurora.param-long-query-time statements of 3 seconds or more
      log_statement              = "ddl"         # why: changes
      timezone                   = var.time_zone # notes: aurora.param-time-zone the users' time zone
      }, var.parameters) : merge({
      # All characters, including emoji.
      character_set_client     = "utf8mb4" # notes: aurora.param-character-set-client
      character_set_connection = "utf8mb4" # notes: aurora.param-character-set-connection
      character_set_database   = "utf8mb4" # notes: aurora.param-character-set-database
      character_set_results    = "utf8mb4" # notes: aurora.param-character-set-results
      character_set_server     = "utf8mb4" # notes: aurora.param-character-set-server

      slow_query_log  = "1"    # notes: aurora.param-slow-query-log on
      long_query_time = "3"    # notes: aurora.param-long-query-time 3 seconds or more is slow
      log_output      = "FILE" # why: tables are not exported

      time_zone = var.time_zone # notes: aurora.param-time-zone the users' time zone
      },
      var.size.class == "db.t4g.medium" ? { performance_schema = "1" } : {}, # notes: cloudwatch-metrics.performance-schema Performance Insights needs it; on other classes RDS turns it on
      var.log_statements ? { general_log = "1" } : {},                       # notes: aurora.param-general-log every statement, unless turned off
    var.parameters)

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = parameter.key == "performance_schema" ? "pending-reboot" : "immediate" # departs: aurora.parameter-apply-type the one static parameter needs a restart, dynamic ones do not
    }
  }

  # Require TLS. The other engines require it by default, and setting a default explicitly would show as a change in every plan.
  dynamic "parameter" {
    for_each = var.engine == "mysql" ? ["require_secure_transport"] : []

    content {
      name  = parameter.value
      value = "1"
    }
  }

  lifecycle {
    create_before_destroy = true # why: a new major version needs its group first
  }
}

# notes: aurora.param-server-audit-logging the audit log is on; outside Aurora through a plugin
resource "aws_db_option_group" "this" {
  count = var.engine == "postgres" ? 0 : 1

  name_prefix              = "${var.name}-"
  option_group_description = "Options of ${var.name}"
  engine_name              = var.engine
  major_engine_version     = local.major
  skip_destroy             = true # why: RDS does not delete a group that a snapshot or backup still uses

  option {
    option_name = "MARIADB_AUDIT_PLUGIN"

    option_settings {
      name  = "SERVER_AUDIT_EVENTS"
      value = "CONNECT,QUERY_DCL,QUERY_DDL" # why: connections and changes
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

  name              = "/aws/rds/instance/${var.name}-db/${each.key}"
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

# The application reads the host from here, so its task definition does not depend on the instance.
resource "aws_ssm_parameter" "host" {
  # checkov:skip=CKV_AWS_337:a host name is not a secret
  name  = "/${var.name}/DB_HOST"       # notes: ssm-parameter-store.name-format /<system>/<variable>
  type  = "SecureString"               # notes: ssm-parameter-store.type every parameter is encrypted
  value = aws_db_instance.this.address # notes: aurora.connect-to-primary the primary, whichever instance it is
}

resource "aws_security_group" "this" {
  name        = "${var.name}-db"
  description = "Database of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id # notes: security-group.rds-source the application's group
  description                  = "Database access from the application"
  ip_protocol                  = "tcp"
  from_port                    = local.port
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
