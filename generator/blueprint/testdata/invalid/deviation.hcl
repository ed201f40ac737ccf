blueprint "x" {
  version = "1.0.0"
}

deviation "a" {
  notes = [null]
}

profile "prd" {}

deviation "b" {
  notes   = ["s3.retention"]
  profile = "prod"
  reason  = "Because."
  restore = "So."
}
