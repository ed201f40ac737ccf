mock_resource "aws_ecr_repository" {
  defaults = {
    arn            = "arn:aws:ecr:ap-northeast-1:123456789012:repository/example"
    repository_url = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/example"
  }
}
