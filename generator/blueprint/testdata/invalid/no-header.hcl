option "a" {
  type = bool
}
