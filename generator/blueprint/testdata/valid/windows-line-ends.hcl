blueprint "x" {
  version = "1.0.0"
}
profile "prd" {
  values = {
    # why: above
    a = 1
    b = 2 # why: behind
  }
}
