# Tasks share the connections that it keeps open to the database.
resource "aws_db_proxy" "this" {
  name          = "${var.name}-db" # why: the name of the database, so that its runbooks know both
  engine_family = var.engine_family
  role_arn      = aws_iam_role.this.arn

  vpc_subnet_ids         = var.subnet_ids
  vpc_security_group_ids = [aws_security_group.this.id]
  require_tls            = true  # why: TLS or no connection, on to the database as well
  debug_logging          = false # why: it would write statements with their values into the log
  idle_client_timeout    = var.idle_client_seconds

  # bpgen:if var.aws_provider == "6"
  default_auth_scheme = var.login == "iam" ? "IAM_AUTH" : "NONE" # why: by tokens all the way, or by passwords alone

  dynamic "auth" {
    for_each = var.login == "secret" ? [1] : []

    content {
      auth_scheme = "SECRETS"
      iam_auth    = "DISABLED" # why: the application has a password
      secret_arn  = aws_secretsmanager_secret.user[0].arn
    }
  }

  depends_on = [
    aws_cloudwatch_log_group.this, # why: the proxy would make the group itself, and keep its log for ever
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

  # Without a way to the database its target is unhealthy, and AWS registers no
  # cluster whose instances are being made.
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
  target_role            = "READ_ONLY" # notes: aurora.split-endpoints-by-crud, aurora.reader-endpoint reads are spread over the readers
  vpc_subnet_ids         = var.subnet_ids
  vpc_security_group_ids = [aws_security_group.this.id]
}

# The password of the application's user, for the proxy alone. The runbook users writes it.
# trivy:ignore:AWS-0098 the key of AWS encrypts one password just as well
resource "aws_secretsmanager_secret" "user" {
  count = var.login == "secret" ? 1 : 0

  # checkov:skip=CKV_AWS_149:the key of AWS encrypts one password just as well
  # checkov:skip=CKV2_AWS_57:the password changes together with that in the database, by the runbook users
  name                    = "${var.name}-db-user"
  description             = "Database user of ${var.name}, for RDS Proxy"
  recovery_window_in_days = 0 # why: the password also stands in Parameter Store, and the next life of the module needs the name
}

# What the proxy is to the database: the application's user and nobody else.
resource "aws_iam_role" "this" {
  name = "${var.name}-db-proxy-${data.aws_region.current.id}" # why: role names are global, and the system may run in a second region

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "rds.amazonaws.com" } # why: AWS documents no condition here; a proxy is given only a role that its maker may pass
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
      Action   = var.login == "iam" ? "rds-db:connect" : "secretsmanager:GetSecretValue" # why: as this user and no other
      Resource = var.login == "iam" ? "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:dbuser:${var.database_resource_id}/${var.database_user}" : aws_secretsmanager_secret.user[0].arn
    }]
  })
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by itself; a key of our own would only cost
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  name              = "/aws/rds/proxy/${var.name}-db"
  retention_in_days = var.log_retention_days
}

# The application reads the host from here, and waits for it to be there.
resource "aws_ssm_parameter" "host" {
  # checkov:skip=CKV_AWS_337:a host name is no secret
  name  = "/${var.name}/DB_PROXY_HOST" # notes: ssm-parameter-store.name-format /<system>/<variable>
  type  = "SecureString"               # notes: ssm-parameter-store.type every parameter is encrypted
  value = aws_db_proxy.this.endpoint

  depends_on = [aws_db_proxy_target.this] # why: a proxy has its host name before anything stands behind it
}

resource "aws_ssm_parameter" "reader_host" {
  count = var.reader_endpoint ? 1 : 0

  # checkov:skip=CKV_AWS_337:a host name is no secret
  name  = "/${var.name}/DB_PROXY_READER_HOST"
  type  = "SecureString"
  value = aws_db_proxy_endpoint.reader[0].endpoint

  depends_on = [aws_db_proxy_target.this]
}

resource "aws_security_group" "this" {
  # checkov:skip=CKV2_AWS_5:the proxy has it, and the check does not know proxies
  name        = "${var.name}-db-proxy"
  description = "Database proxy of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id # notes: security-group.rds-source nobody but the application
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
