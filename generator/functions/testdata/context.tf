# Names that the expressions of expressions.txt may use. terraform console and
# the Go test read this same file.
locals {
  nothing = null
  zones   = tolist(["a", "b", "c"])
  tags    = tomap({ Name = "web", Team = "core" })
  ports   = toset([443, 80])
  secret  = sensitive("hunter2")
  server  = { name = "web", size = 3, disks = [{ gb = 10 }, { gb = 20 }], note = null }
  servers = [{ name = "a", port = 80 }, { name = "b", port = 443 }]
}
