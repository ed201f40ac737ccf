mock_data "aws_availability_zones" {
  defaults = { names = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"] }
}
