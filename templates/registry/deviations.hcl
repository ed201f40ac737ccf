deviation "images-kept" {
  notes    = ["iam.ecr-lifecycle-policy"]
  rendered = "The newest 30 images are kept."
  reason   = "The notes' ten may all be newer than the running version, and a rollback needs its image."
  restore  = "Set countNumber = 10 in aws_ecr_lifecycle_policy, in one rule for untagged images and one for any image."
}
