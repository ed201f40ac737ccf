proof "a.key" {
  every "aws_kms_key" {
    enable_key_rotation = true
  }
}

proof "a.talk" {
  human "runbooks/t-talk.md" {
    heading = "Talk"
    says    = "Ask"
  }
}
