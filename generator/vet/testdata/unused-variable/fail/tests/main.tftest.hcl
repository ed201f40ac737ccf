run "a_test_is_no_use" {
  command = plan

  assert {
    condition     = var.tested == "x"
    error_message = "Another word."
  }
}
