variables {
  id = "Z0123456789ABCDEFGHIJ"
}

run "refuses_what_is_no_id" {
  command = plan

  variables {
    id = "www.example.com"
  }

  expect_failures = [var.id]
}
