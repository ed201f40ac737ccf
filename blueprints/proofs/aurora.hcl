proof "aurora.deletion-protection" {
  every "aws_rds_cluster" {
    deletion_protection = true
  }
}
