variables {
  name = "test"
}

run "child" {
  module {
    source = "./modules/child"
  }

  variables {
    name = "a"
    size = 2
  }

  assert {
    condition     = output.label == "a-02"
    error_message = "The label is ${output.label}."
  }
}

run "plan" {
  command = plan

  variables {
    name     = run.child.label
    settings = { limit = 3 }
  }

  expect_failures = [var.name]
}
