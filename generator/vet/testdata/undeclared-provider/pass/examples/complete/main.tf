provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}

module "main" {
  source = "../.."

  providers = {
    aws           = aws
    aws.us_east_1 = aws.virginia
  }
}
