mock_data "aws_partition" {
  defaults = {
    partition  = "aws"
    dns_suffix = "amazonaws.com"
  }
}

mock_resource "aws_iam_role" {
  defaults = {
    arn = "arn:aws:iam::123456789012:role/example"
  }
}

mock_resource "aws_kms_key" {
  defaults = {
    arn = "arn:aws:kms:ap-northeast-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  }
}

mock_resource "aws_rds_cluster" {
  defaults = {
    arn             = "arn:aws:rds:ap-northeast-1:123456789012:cluster:example-db"
    endpoint        = "example-db.cluster-abcdefghijkl.ap-northeast-1.rds.amazonaws.com"
    reader_endpoint = "example-db.cluster-ro-abcdefghijkl.ap-northeast-1.rds.amazonaws.com"
    master_user_secret = [{
      kms_key_id    = "arn:aws:kms:ap-northeast-1:123456789012:key/00000000-0000-0000-0000-000000000000"
      secret_arn    = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:example-abcdef"
      secret_status = "active"
    }]
  }
}

mock_resource "aws_security_group" {
  defaults = {
    id = "sg-0123456789abcdef1"
  }
}
