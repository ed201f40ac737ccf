variables {
  network = {
    vpc_id                     = "vpc-0123456789abcdef0"
    app_subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    datastore_subnet_ids       = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    public_subnet_ids          = ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"]
    endpoint_security_group_id = "sg-0123456789abcdef0"
    s3_prefix_list_id          = "pl-0123456789abcdef0"
  }
}

run "refuses_a_network_in_one_zone" {
  command = plan

  variables {
    network = {
      vpc_id                     = "vpc-0123456789abcdef0"
      app_subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef0"]
      datastore_subnet_ids       = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
      public_subnet_ids          = ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"]
      endpoint_security_group_id = "sg-0123456789abcdef0"
      s3_prefix_list_id          = "pl-0123456789abcdef0"
    }
  }

  expect_failures = [var.network]
}

# bpgen:if var.outbound != "nat-gateway"
run "refuses_a_network_without_endpoints" {
  command = plan

  variables {
    network = {
      vpc_id               = "vpc-0123456789abcdef0"
      app_subnet_ids       = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
      datastore_subnet_ids = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
      public_subnet_ids    = ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"]
      s3_prefix_list_id    = "pl-0123456789abcdef0"
    }
  }

  expect_failures = [var.network]
}
