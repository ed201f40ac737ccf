module "ping" {
  source = "../ping"
}
