run "a_test_is_no_use" {
  command = plan

  assert {
    condition     = local.d == "x"
    error_message = "Another word."
  }
}
