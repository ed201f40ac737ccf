mock_resource "aws_elasticache_replication_group" {
  defaults = {
    arn                      = "arn:aws:elasticache:ap-northeast-1:123456789012:replicationgroup:example-cache"
    primary_endpoint_address = "master.example-cache.abcdef.apne1.cache.amazonaws.com"
    reader_endpoint_address  = "replica.example-cache.abcdef.apne1.cache.amazonaws.com"
  }
}

mock_resource "aws_security_group" {
  defaults = {
    id = "sg-0123456789abcdef1"
  }
}
