locals {
  port = var.engine == "aurora-mysql" ? 3306 : 5432
  logs = var.engine == "aurora-mysql" ? ["audit", "error", "general", "instance", "slowquery", "iam-db-auth-error"] : ["instance", "postgresql", "iam-db-auth-error"]
}

resource "aws_rds_cluster" "this" {
  # checkov:skip=CKV_AWS_326:restoring to a point in time does the same, for both engines
  # checkov:skip=CKV2_AWS_8:Aurora keeps its own backups; a backup plan belongs to the account
  cluster_identifier = "${var.name}-db"
  engine             = var.engine
  engine_version     = var.engine == "aurora-mysql" ? var.mysql_version : var.postgresql_version
  database_name      = replace(var.name, "-", "_")

  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this.name # notes: aurora.cluster-parameter-group-over-instance one group for all instances
  db_subnet_group_name            = aws_db_subnet_group.this.name             # notes: aurora.private-subnet databases live in private subnets
  vpc_security_group_ids          = [aws_security_group.this.id]
  port                            = local.port

  master_username                     = "dbadmin"
  manage_master_user_password         = true # why: the password reaches neither a file nor the state
  iam_database_authentication_enabled = true # notes: aurora.authentication-set-on-cluster people may log in with short-lived tokens

  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.this.arn
  backup_retention_period         = var.backup_retention_days # notes: aurora.backup-retention-period a mistake of last week can be undone
  copy_tags_to_snapshot           = true
  enabled_cloudwatch_logs_exports = local.logs # notes: aurora.cloudwatch-log-exports-all every log that the engine writes

  preferred_maintenance_window = var.maintenance_window # notes: rds.maintenance-window-not-weekend, rds.maintenance-window-utc in UTC, and never on a weekend
  apply_immediately            = false                  # notes: aurora.planned-downtime changes wait for the maintenance window
  deletion_protection          = var.deletion_protection
  skip_final_snapshot          = false
  final_snapshot_identifier    = "${var.name}-db-final"

  # bpgen:if var.engine == "aurora-postgresql"
  # checkov:skip=CKV2_AWS_27:the parameter group sets both, in a dynamic block

  depends_on = [aws_cloudwatch_log_group.this] # why: Aurora would create the groups itself, and keep their logs for ever
}

resource "aws_rds_cluster_instance" "this" {
  # checkov:skip=CKV_AWS_118:Performance Insights shows the load, and needs no role
  # checkov:skip=CKV_AWS_226:minor versions are upgraded where the version is left open
  count = var.size.instances

  identifier         = "${var.name}-db-${count.index + 1}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  instance_class     = var.size.class
  promotion_tier     = min(count.index, 15) # notes: aurora.promotion-priority the lowest number is promoted first

  publicly_accessible          = false
  auto_minor_version_upgrade   = var.engine == "aurora-mysql" ? var.mysql_version == "8.0" : !strcontains(var.postgresql_version, ".") # notes: aurora.auto-minor-version-upgrade on where the version is open, in development
  preferred_maintenance_window = var.maintenance_window
  apply_immediately            = false
  copy_tags_to_snapshot        = true

  performance_insights_enabled    = true # why: a week of load by statement and wait costs nothing
  performance_insights_kms_key_id = aws_kms_key.this.arn
}

resource "aws_rds_cluster_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = var.engine == "aurora-mysql" ? "aurora-mysql8.0" : "aurora-postgresql${split(".", var.postgresql_version)[0]}"
  description = "Cluster parameters of ${var.name}"

  # bpgen:if var.engine == "aurora-mysql"
  # notes: aurora.param-character-set-client, aurora.param-character-set-connection, aurora.param-character-set-database, aurora.param-character-set-results, aurora.param-character-set-server utf8mb4 throughout
  # notes: aurora.param-general-log, aurora.param-slow-query-log, aurora.param-server-audit-logging, aurora.param-server-audit-logs-upload all queries, the slow ones and the audit trail are logged

  # notes: aurora.param-long-query-time, aurora.param-time-zone slow means 3 seconds or more; the time is Japan's
  # why: TLS or no connection; logins and schema changes leave a trail
  dynamic "parameter" {
    for_each = merge({
      aurora-mysql = {
        character_set_client     = "utf8mb4"
        character_set_connection = "utf8mb4"
        character_set_database   = "utf8mb4"
        character_set_results    = "utf8mb4"
        character_set_server     = "utf8mb4"
        general_log              = "1"
        long_query_time          = "3"
        require_secure_transport = "ON"
        server_audit_events      = "CONNECT,QUERY_DCL,QUERY_DDL"
        server_audit_logging     = "1"
        server_audit_logs_upload = "1"
        slow_query_log           = "1"
        time_zone                = "Asia/Tokyo"
      }
      aurora-postgresql = {
        log_connections            = "1"
        log_min_duration_statement = "3000"
        log_statement              = "ddl"
        "rds.force_ssl"            = "1"
        timezone                   = "Asia/Tokyo"
      }
    }[var.engine], var.parameters)

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = "immediate" # notes: aurora.parameter-apply-type dynamic parameters need no restart
    }
  }

  lifecycle {
    create_before_destroy = true # why: a new major version needs the new group first
  }
}

resource "aws_db_subnet_group" "this" {
  name        = "${var.name}-datastore" # notes: aurora.datastore-subnet-name the name says which subnets they are
  description = "Data store subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

resource "aws_kms_key" "this" {
  # checkov:skip=CKV2_AWS_64:the default policy leaves access to IAM
  description         = "Volume, snapshots and Performance Insights of ${var.name}-db"
  enable_key_rotation = true
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by itself; a key of our own would only cost
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  for_each = toset(local.logs)

  name              = "/aws/rds/cluster/${var.name}-db/${each.key}"
  retention_in_days = var.log_retention_days
}

# The application reads the host from here, so that its task definition does not depend on the cluster.
resource "aws_ssm_parameter" "host" {
  # checkov:skip=CKV_AWS_337:a host name is no secret
  name  = "/${var.name}/DB_HOST"        # notes: ssm-parameter-store.name-format /<system>/<variable>
  type  = "SecureString"                # notes: ssm-parameter-store.type every parameter is encrypted
  value = aws_rds_cluster.this.endpoint # notes: aurora.connect-to-primary the primary, as the application also writes
}

resource "aws_security_group" "this" {
  name        = "${var.name}-db"
  description = "Database of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id # notes: security-group.rds-source, aurora.cluster-security-group nobody but the application
  description                  = "Database access from the application"
  ip_protocol                  = "tcp"
  from_port                    = local.port # notes: security-group.rds-mysql the port of the engine and no other
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
