run "a_test_is_no_use" {
  command = plan

  assert {
    condition     = data.aws_vpc.main.id == "vpc-1"
    error_message = "Another network."
  }
}
