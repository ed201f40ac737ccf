run "plan" {
  command = plan

  variables {
    name = run.before.name
  }

  assert {
    condition     = aws_subnet.other.cidr_block == output.cidr
    error_message = "The block is wrong."
  }

  expect_failures = [var.cidrs]
}
