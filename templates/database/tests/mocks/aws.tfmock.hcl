mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:ap-northeast-1:123456789012:key/example" }
}

mock_resource "aws_rds_cluster" {
  defaults = {
    master_user_secret = [{
      kms_key_id    = "arn:aws:kms:ap-northeast-1:123456789012:key/example"
      secret_arn    = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:example"
      secret_status = "active"
    }]
  }
}
