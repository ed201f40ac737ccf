locals {
  database_master_user_secret_arn = one(aws_rds_cluster.database.master_user_secret[*].secret_arn)
}

# The cluster stores the data in its volume; the instances below provide compute.
# notes aurora.cluster-architecture: instances compute; the cluster volume stores
resource "aws_rds_cluster" "database" {
  # checkov:skip=CKV_AWS_326:restoring to a point in time does the same, for both engines
  # checkov:skip=CKV2_AWS_8:Aurora keeps its own backups; a backup plan belongs to the account
  # checkov:skip=CKV_AWS_327:the AWS managed key outlives the cluster and so keeps its snapshots readable
  cluster_identifier = "${var.name}-db"
  engine             = "aurora-postgresql"             # notes aurora.cluster-only-for-aurora-engine: a cluster is only for Aurora
  engine_version     = var.database_postgresql_version # notes rds.engine-version-cluster-wide: one version for all instances
  database_name      = replace(var.name, "-", "_")

  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.database.name # notes aurora.cluster-parameter-group-over-instance, aurora.parameter-group-created-first: one group for all instances, created first
  db_subnet_group_name            = aws_db_subnet_group.database.name             # notes aurora.private-subnet: private subnets
  vpc_security_group_ids          = [aws_security_group.database.id]
  port                            = 5432

  master_username                     = "dbadmin" # departs from notes aurora.master-username: It is only used to create other users, and the name cannot be changed afterwards
  manage_master_user_password         = true      # departs from notes aurora.master-password: A password set by the user would be stored in the state
  iam_database_authentication_enabled = true      # notes aurora.authentication-set-on-cluster: the same for all instances

  storage_encrypted               = true
  kms_key_id                      = var.database_kms_key_arn # why: null is aws/rds; a key created here would be destroyed with the cluster, and its snapshots lost
  backup_retention_period         = 7                        # notes aurora.backup-retention-period: 7 days, unless chosen otherwise
  preferred_backup_window         = var.database_backup_window
  delete_automated_backups        = var.disposable # why: they survive a cluster deleted by mistake
  copy_tags_to_snapshot           = true
  enabled_cloudwatch_logs_exports = ["instance", "postgresql", "iam-db-auth-error"] # notes aurora.cloudwatch-log-exports-all, aurora.param-server-audit-logs-upload: every log of the engine, including the audit log
  database_insights_mode          = "standard"                                      # why: a week of load by statement and wait event, free of charge

  preferred_maintenance_window = var.maintenance_window # notes rds.maintenance-window-not-weekend, rds.maintenance-window-utc: in UTC, never on a weekend
  apply_immediately            = false                  # notes aurora.planned-downtime: changes wait for the maintenance window
  allow_major_version_upgrade  = var.database_major_upgrade
  deletion_protection          = var.deletion_protection
  skip_final_snapshot          = var.disposable
  final_snapshot_identifier    = "${var.name}-db-final-${substr(aws_security_group.database.id, 3, -1)}" # why: the ID is new each time the module is created, so the name is free

  dynamic "serverlessv2_scaling_configuration" {
    for_each = var.database_size.class == "db.serverless" ? [var.database_size] : []

    content {
      min_capacity = serverlessv2_scaling_configuration.value.min_capacity
      max_capacity = serverlessv2_scaling_configuration.value.max_capacity
    }
  }

  # checkov:skip=CKV2_AWS_27:the parameter group sets both, in a dynamic block

  depends_on = [aws_cloudwatch_log_group.database] # why: otherwise Aurora creates the groups itself, and would keep their logs forever
}

# One instance writes; the others serve reads and take over if it fails.
# notes aurora.instance-roles: one primary writes; replicas read; departs from notes aurora.replication-topology
resource "aws_rds_cluster_instance" "database" {
  # checkov:skip=CKV_AWS_226:minor versions are upgraded if the version is not pinned
  # checkov:skip=CKV_AWS_354:the AWS managed key encrypts a week of metrics just as well
  count = var.database_size.instances # notes aurora.multi-az-replica: a replica in another zone

  identifier         = "${var.name}-db-${count.index + 1}"
  cluster_identifier = aws_rds_cluster.database.id
  engine             = aws_rds_cluster.database.engine
  instance_class     = var.database_size.class
  promotion_tier     = min(count.index, 15) # notes aurora.promotion-priority, aurora.promotion-order: the lowest number is promoted first

  publicly_accessible          = false                                              # notes aurora.publicly-accessible: no public address
  auto_minor_version_upgrade   = !strcontains(var.database_postgresql_version, ".") # notes aurora.auto-minor-version-upgrade: on where the version is not pinned, as in development
  preferred_maintenance_window = var.maintenance_window
  apply_immediately            = false
  copy_tags_to_snapshot        = true

  performance_insights_enabled    = true # why: Database Insights shows these counters
  performance_insights_kms_key_id = var.database_kms_key_arn
  monitoring_interval             = 60 # why: shows operating system metrics, which RDS hides
  monitoring_role_arn             = aws_iam_role.database_monitoring.arn
}

# notes aurora.parameter-group-choice: a custom one
resource "aws_rds_cluster_parameter_group" "database" {
  name_prefix = "${var.name}-"
  family      = "aurora-postgresql${split(".", var.database_postgresql_version)[0]}"
  description = "Cluster parameters of ${var.name}"

  dynamic "parameter" {
    for_each = merge({
      log_connections            = "1"          # why: connections
      log_min_duration_statement = "3000"       # notes aurora.param-slow-query-log, aurora.param-long-query-time: statements of 3 seconds or more
      log_statement              = "ddl"        # why: changes
      timezone                   = "Asia/Tokyo" # notes aurora.param-time-zone: the users' time zone
    }, var.database_parameters)

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = parameter.key == "performance_schema" ? "pending-reboot" : "immediate" # departs from notes aurora.parameter-apply-type: The notes have it backwards: static parameters need a restart, dynamic ones do not
    }
  }

  lifecycle {
    create_before_destroy = true # why: a new major version needs its group first
  }
}

resource "aws_db_subnet_group" "database" {
  name        = "${var.name}-datastore" # notes aurora.datastore-subnet-name: named like the subnets
  description = "Data store subnets of ${var.name}"
  subnet_ids  = aws_subnet.network_datastore[*].id
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "database" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  for_each = toset(["iam-db-auth-error", "instance", "postgresql"])

  name              = "/aws/rds/cluster/${var.name}-db/${each.key}"
  retention_in_days = var.log_retention_days
}

# Lets RDS write operating system metrics to CloudWatch.
resource "aws_iam_role" "database_monitoring" {
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

resource "aws_iam_role_policy_attachment" "database_monitoring" {
  role       = aws_iam_role.database_monitoring.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

# The application reads the host from here, and depends on it.
resource "aws_ssm_parameter" "database_host" {
  # checkov:skip=CKV_AWS_337:a host name is not a secret
  name  = "/${var.name}/DB_HOST"            # notes ssm-parameter-store.name-format: /<system>/<variable>
  type  = "SecureString"                    # notes ssm-parameter-store.type: every parameter is encrypted
  value = aws_rds_cluster.database.endpoint # notes aurora.connect-to-primary, aurora.cluster-endpoint, aurora.instance-endpoint-not-recommended: the primary, whichever instance it is

  depends_on = [aws_rds_cluster_instance.database] # why: a cluster has its host name before any instance answers
}

resource "aws_security_group" "database" {
  name        = "${var.name}-db"
  description = "Database of ${var.name}"
  vpc_id      = aws_vpc.network.id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.service.id # notes security-group.rds-source: the application's group; departs from notes aurora.cluster-security-group
  description                  = "Database access from the application"
  ip_protocol                  = "tcp"
  from_port                    = 5432 # notes security-group.rds-mysql: the engine's port, 3306 for MySQL
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "database_client" {
  security_group_id            = aws_security_group.service.id
  referenced_security_group_id = aws_security_group.database.id
  description                  = "Access to the database"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  database_alarms = {
    database = {
      namespace  = "AWS/RDS"
      dimensions = { DBClusterIdentifier = aws_rds_cluster.database.cluster_identifier }
      # notes cloudwatch-metrics.aurora-cpu-utilization, cloudwatch-metrics.aurora-database-connections, cloudwatch-metrics.aurora-freeable-memory: metrics to watch
      # notes cloudwatch-metrics.rds-cpu-utilization, cloudwatch-metrics.rds-database-connections, cloudwatch-metrics.rds-freeable-memory: the same outside Aurora
      # notes cloudwatch-metrics.rds-unit-difference: thresholds in bytes
      # notes cloudwatch-metrics.aurora-engine-uptime: in Aurora only: how long it has been up
      metrics = {
        CPUUtilization      = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 }        # why: the busiest instance
        DatabaseConnections = { statistic = "Maximum", is = "above", threshold = 70, minutes = 5 }        # why: db.t4g.medium takes 90
        FreeableMemory      = { statistic = "Minimum", is = "below", threshold = 104857600, minutes = 5 } # why: 100 MiB; db.t4g.medium keeps more than that free, but not always 256
        EngineUptime        = { statistic = "Minimum", is = "below", threshold = 300, minutes = 1 }       # why: it was just restarted
      }
    }
  }
}
