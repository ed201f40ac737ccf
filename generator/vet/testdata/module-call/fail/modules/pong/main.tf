module "pang" {
  source = "../pang"
}
