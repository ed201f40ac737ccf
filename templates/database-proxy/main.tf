# Tasks share the connections it keeps open to the database.
resource "aws_db_proxy" "this" {
  name          = "${var.name}-db" # why: the name of the database, so that its runbooks know both
  engine_family = var.engine_family
  role_arn      = aws_iam_role.this.arn

  vpc_subnet_ids         = var.subnet_ids
  vpc_security_group_ids = [aws_security_group.this.id]
  require_tls            = true  # why: requires TLS, to the database as well
  debug_logging          = false # why: it would log statements with their values
  idle_client_timeout    = var.idle_client_seconds

  # bpgen:if var.aws_provider == "6"
  default_auth_scheme = var.login == "iam" ? "IAM_AUTH" : "NONE" # why: with tokens all the way, or with passwords only

  dynamic "auth" {
    for_each = var.login == "secret" ? [1] : []

    content {
      auth_scheme = "SECRETS"
      iam_auth    = "DISABLED" # why: the application has a password
      secret_arn  = aws_secretsmanager_secret.user[0].arn
    }
  }

  depends_on = [
    aws_cloudwatch_log_group.this, # why: otherwise the proxy creates the group itself, and would keep its log forever
    aws_iam_role_policy.this,      # why: without its permissions it finds the database unhealthy
  ]
}

resource "aws_db_proxy_default_target_group" "this" {
  db_proxy_name = aws_db_proxy.this.name

  connection_pool_config {
    max_connections_percent      = var.pool.max_percent
    max_idle_connections_percent = var.pool.idle_percent
    connection_borrow_timeout    = var.pool.wait_seconds
  }
}

resource "aws_db_proxy_target" "this" {
  db_proxy_name          = aws_db_proxy.this.name
  target_group_name      = aws_db_proxy_default_target_group.this.name
  db_cluster_identifier  = var.cluster_identifier
  db_instance_identifier = var.instance_identifier

  # Without a route to the database its target is unhealthy, and AWS does not register a
  # cluster whose instances are still being created.
  depends_on = [
    aws_vpc_security_group_ingress_rule.database,
    aws_vpc_security_group_egress_rule.database,
    var.prerequisites,
  ]
}

resource "aws_db_proxy_endpoint" "reader" {
  count = var.reader_endpoint ? 1 : 0

  db_proxy_name          = aws_db_proxy.this.name
  db_proxy_endpoint_name = "${var.name}-db-reader"
  target_role            = "READ_ONLY" # notes: aurora.split-endpoints-by-crud, aurora.reader-endpoint reads are distributed across the readers
  vpc_subnet_ids         = var.subnet_ids
  vpc_security_group_ids = [aws_security_group.this.id]
}

# The password of the application's user, for the proxy only. The users runbook describes how to store it.
# trivy:ignore:AWS-0098 the AWS managed key encrypts one password just as well
resource "aws_secretsmanager_secret" "user" {
  count = var.login == "secret" ? 1 : 0

  # checkov:skip=CKV_AWS_149:the AWS managed key encrypts one password just as well
  # checkov:skip=CKV2_AWS_57:changed together with the password in the database, as the users runbook describes
  name                    = "${var.name}-db-user"
  description             = "Database user of ${var.name}, for RDS Proxy"
  recovery_window_in_days = 0 # why: the password is also in Parameter Store, and recreating the module needs the name
}

# The proxy's role: it connects as the application's user only.
resource "aws_iam_role" "this" {
  name = "${var.name}-db-proxy-${data.aws_region.current.id}" # why: role names are global, and the system may run in a second region

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "rds.amazonaws.com" } # why: AWS documents no condition here; a proxy only gets a role that its creator may pass
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "log-in-to-database"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = var.login == "iam" ? "rds-db:connect" : "secretsmanager:GetSecretValue" # why: as this user only
      Resource = var.login == "iam" ? "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:dbuser:${var.database_resource_id}/${var.database_user}" : aws_secretsmanager_secret.user[0].arn
    }]
  })
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/aws/rds/proxy/${var.name}-db"
  retention_in_days = var.log_retention_days
}

# The application reads the host from here, and depends on it.
resource "aws_ssm_parameter" "host" {
  # checkov:skip=CKV_AWS_337:a host name is not a secret
  name  = "/${var.name}/DB_PROXY_HOST" # notes: ssm-parameter-store.name-format /<system>/<variable>
  type  = "SecureString"               # notes: ssm-parameter-store.type every parameter is encrypted
  value = aws_db_proxy.this.endpoint

  depends_on = [aws_db_proxy_target.this] # why: a proxy has its host name before it has a target
}

resource "aws_ssm_parameter" "reader_host" {
  count = var.reader_endpoint ? 1 : 0

  # checkov:skip=CKV_AWS_337:a host name is not a secret
  name  = "/${var.name}/DB_PROXY_READER_HOST"
  type  = "SecureString"
  value = aws_db_proxy_endpoint.reader[0].endpoint

  depends_on = [aws_db_proxy_target.this]
}

resource "aws_security_group" "this" {
  # checkov:skip=CKV2_AWS_5:it is attached to the proxy, which the check does not support
  name        = "${var.name}-db-proxy"
  description = "Database proxy of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id # notes: security-group.rds-source the application's group
  description                  = "Database access from the application"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}

resource "aws_vpc_security_group_egress_rule" "client" {
  security_group_id            = var.client_security_group_id
  referenced_security_group_id = aws_security_group.this.id
  description                  = "Access to the database proxy"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = var.database_security_group_id
  referenced_security_group_id = aws_security_group.this.id
  description                  = "Database access from the proxy"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.database_security_group_id
  description                  = "Access to the database"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}
