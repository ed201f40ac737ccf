data "bpgen_account_baseline" "account" {
  alarms = true
}

output "files" {
  value = sort(keys(data.bpgen_account_baseline.account.files))
}

# The variables left to the users of the module.
output "required" {
  value = sort([for name, v in data.bpgen_account_baseline.account.variables : name if v.required])
}
