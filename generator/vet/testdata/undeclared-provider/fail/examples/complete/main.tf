module "none" {
  source = "../.."
}

module "other" {
  source = "../.."

  providers = {
    aws.west = aws.virginia
  }
}
