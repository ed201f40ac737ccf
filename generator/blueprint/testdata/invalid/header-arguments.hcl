blueprint "x" {
  version = "one"
  summary = ["a"]
  systems = "a"
  author  = "me"
}

