variables {
  size = 3
}

run "keeps" {
  assert {
    condition     = output.size == 3
    error_message = "The size must be kept."
  }
}
