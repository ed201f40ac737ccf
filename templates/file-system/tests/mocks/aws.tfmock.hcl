mock_resource "aws_efs_file_system" {
  defaults = { arn = "arn:aws:elasticfilesystem:xx-example-1:123456789012:file-system/fs-0123456789abcdef0" }
}

mock_resource "aws_efs_access_point" {
  defaults = { arn = "arn:aws:elasticfilesystem:xx-example-1:123456789012:access-point/fsap-0123456789abcdef0" }
}
