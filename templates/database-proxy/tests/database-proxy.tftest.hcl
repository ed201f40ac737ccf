mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                       = "example"
  engine_family              = "MYSQL"
  cluster_identifier         = "example-db"
  database_security_group_id = "sg-0123456789abcdef1"
  client_security_group_id   = "sg-0123456789abcdef0"
  port                       = 3306
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  database_resource_id       = "cluster-ABCDEFGHIJKL"
  database_user              = "app"
}

run "lets_the_application_through" {
  command = apply

  assert {
    condition     = aws_db_proxy.this.require_tls && !aws_db_proxy.this.debug_logging && toset(aws_db_proxy.this.vpc_security_group_ids) == toset([aws_security_group.this.id]) && toset(aws_db_proxy.this.vpc_subnet_ids) == toset(var.subnet_ids)
    error_message = "Connections must use TLS, statements must not be logged, and the proxy must be in the data store subnets."
  }

  # bpgen:if var.login == "iam"
  assert {
    condition     = aws_db_proxy.this.default_auth_scheme == "IAM_AUTH" && length(aws_db_proxy.this.auth) == 0 && jsondecode(aws_iam_role_policy.this.policy).Statement[*].Action == ["rds-db:connect"] && endswith(jsondecode(aws_iam_role_policy.this.policy).Statement[0].Resource, ":dbuser:${var.database_resource_id}/${var.database_user}")
    error_message = "The proxy must log in with tokens, as the application's user of this database and as nobody else."
  }

  # bpgen:if var.login == "secret"
  assert {
    condition     = one(aws_db_proxy.this.auth).secret_arn == aws_secretsmanager_secret.user[0].arn && one(aws_db_proxy.this.auth).iam_auth == "DISABLED" && jsondecode(aws_iam_role_policy.this.policy).Statement[*].Action == ["secretsmanager:GetSecretValue"] && jsondecode(aws_iam_role_policy.this.policy).Statement[0].Resource == aws_secretsmanager_secret.user[0].arn && aws_secretsmanager_secret.user[0].recovery_window_in_days == 0
    error_message = "The proxy must log in with the password of the application's user, and may read only that secret; its name must be free after destroy."
  }

  assert {
    condition     = aws_db_proxy_default_target_group.this.connection_pool_config[0].max_connections_percent < 100 && aws_db_proxy_default_target_group.this.connection_pool_config[0].connection_borrow_timeout < 30
    error_message = "Some connections must be left for people, and a page must fail before CloudFront gives up."
  }

  assert {
    condition     = aws_db_proxy_target.this.db_cluster_identifier == var.cluster_identifier && aws_db_proxy_target.this.db_instance_identifier == var.instance_identifier && aws_cloudwatch_log_group.this.name == "/aws/rds/proxy/${aws_db_proxy.this.name}" && aws_cloudwatch_log_group.this.retention_in_days == var.log_retention_days
    error_message = "The database must be behind the proxy, and the proxy's log must not be kept forever."
  }

  assert {
    condition     = aws_ssm_parameter.host.value == aws_db_proxy.this.endpoint && aws_ssm_parameter.host.type == "SecureString" && alltrue([for parameter in aws_ssm_parameter.reader_host : parameter.type == "SecureString" && parameter.value == aws_db_proxy_endpoint.reader[0].endpoint]) && alltrue([for endpoint in aws_db_proxy_endpoint.reader : endpoint.target_role == "READ_ONLY"])
    error_message = "The application must get the proxy's host names as encrypted parameters."
  }

  assert {
    condition     = alltrue([for rule in [aws_vpc_security_group_ingress_rule.this, aws_vpc_security_group_egress_rule.client, aws_vpc_security_group_ingress_rule.database, aws_vpc_security_group_egress_rule.database] : rule.cidr_ipv4 == null && rule.from_port == var.port && rule.to_port == var.port])
    error_message = "Only the database port may be open, and only to security groups."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.referenced_security_group_id == var.client_security_group_id && aws_vpc_security_group_ingress_rule.this.security_group_id == aws_security_group.this.id && aws_vpc_security_group_ingress_rule.database.referenced_security_group_id == aws_security_group.this.id && aws_vpc_security_group_ingress_rule.database.security_group_id == var.database_security_group_id && aws_vpc_security_group_egress_rule.database.referenced_security_group_id == var.database_security_group_id
    error_message = "The proxy must accept only the application, and the database must accept the proxy."
  }
}
