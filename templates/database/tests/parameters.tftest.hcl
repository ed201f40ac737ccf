mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                     = "example"
  engine                   = "aurora-mysql"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_id = "sg-0123456789abcdef0"
  maintenance_window       = "tue:03:00-tue:04:00"
  backup_window            = "01:00-01:30"
  time_zone                = "UTC"
}

# bpgen:if var.engine == "aurora-mysql"
run "shows_waits_on_a_class_that_rds_does_not_manage" {
  command = plan

  variables {
    size = { class = "db.t4g.medium", instances = 2 }
  }

  assert {
    condition     = [for parameter in aws_rds_cluster_parameter_group.this.parameter : parameter.apply_method if parameter.name == "performance_schema" && parameter.value == "1"] == ["pending-reboot"]
    error_message = "The Performance Schema must be on, through a parameter that waits for a restart."
  }
}

# bpgen:if var.engine == "aurora-mysql"
run "leaves_waits_to_rds_on_other_classes" {
  command = plan

  variables {
    size = { class = "db.r7g.large", instances = 2 }
  }

  assert {
    condition     = !contains([for parameter in aws_rds_cluster_parameter_group.this.parameter : parameter.name], "performance_schema")
    error_message = "On other classes RDS must manage the Performance Schema, which shows load in more detail."
  }
}
