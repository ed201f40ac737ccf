# How the acceptance tests lint what bpgen renders: every rule that TFLint has
# for the language itself.
config {
  call_module_type = "local"
}

plugin "terraform" {
  enabled = true
  preset  = "all"
}

# Files are named by component: nobody looks for a bucket in main.tf.
rule "terraform_standard_module_structure" {
  enabled = false
}
