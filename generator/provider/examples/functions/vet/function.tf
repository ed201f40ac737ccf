locals {
  files    = { for path in fileset(path.module, "*.tf") : path => file("${path.module}/${path}") }
  findings = provider::bpgen::vet(local.files)
}

output "findings" {
  value = [for f in local.findings : "${f.file}:${f.line}: ${f.summary} (${f.rule})"]
}
