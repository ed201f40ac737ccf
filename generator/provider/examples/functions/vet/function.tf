locals {
  files    = { for name in fileset(path.module, "*.tf") : name => file("${path.module}/${name}") }
  findings = provider::bpgen::vet(local.files)
}

output "findings" {
  value = [for f in local.findings : "${f.file}:${f.line}: ${f.summary} (${f.rule})"]
}
