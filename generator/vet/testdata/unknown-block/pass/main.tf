resource "aws_s3_bucket_versioning" "main" {
  bucket = "x"

  versioning_configuration {
    status = "Enabled"
  }


  provisioner "local-exec" {
    command = "echo ${self.id}"

    environment = {
      NAME = self.bucket
    }
  }
}
