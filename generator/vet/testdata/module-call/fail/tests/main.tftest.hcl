run "setup" {
  module {
    source = "./modules/network"
  }

  variables {
    cidr = "10.0.0.0/16"
  }
}

run "gone" {
  module {
    source = "./tests/setup"
  }
}

run "plan" {
  assert {
    condition     = run.setup.vpcs == "x"
    error_message = "No."
  }
}
