mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                            = "example"
  subnet_ids                      = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  load_balancer_security_group_id = "sg-0123456789abcdef1"
  target_group_arn                = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:targetgroup/example/0123456789abcdef"
  endpoint_security_group_id      = "sg-0123456789abcdef2"
  s3_prefix_list_id               = "pl-61a54008"
  dynamodb_prefix_list_ids        = ["pl-02cd2c6b"]
  repository_url                  = "123456789012.dkr.ecr.xx-example-1.amazonaws.com/example"
  image_tag                       = "v1.0.0"
  security_group_id               = "sg-0123456789abcdef3"
  execution_role_name             = "example-execution"
  execution_role_arn              = "arn:aws:iam::123456789012:role/example-execution"
  task_role_name                  = "example-task"
  task_role_arn                   = "arn:aws:iam::123456789012:role/example-task"
}

# bpgen:if contains(["vpc-endpoints", "both"], var.outbound)
run "reaches_dynamodb_where_it_has_an_endpoint" {
  command = apply

  assert {
    condition     = aws_vpc_security_group_egress_rule.dynamodb[*].prefix_list_id == try(var.dynamodb_prefix_list_ids, []) && alltrue([for rule in aws_vpc_security_group_egress_rule.dynamodb : rule.cidr_ipv4 == null && rule.from_port == 443 && rule.to_port == 443])
    error_message = "The tasks must be allowed to call DynamoDB where it has an endpoint, and over HTTPS only."
  }
}
