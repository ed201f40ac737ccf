locals {
  note = provider::bpgen::cite("aurora.deletion-protection")
}

output "comment" {
  value = local.note.citation # notes 22-02: Deletion protection is on for the DB cluster
}
