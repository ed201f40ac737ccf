locals {
  a = 1
  b = local.a + 1
  c = [for x in local.c : x]
  d = "x"
}
