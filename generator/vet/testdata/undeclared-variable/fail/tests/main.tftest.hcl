variables {
  nam = "x"
}

run "plan" {
  command = plan

  variables {
    names = "y"
  }
}
