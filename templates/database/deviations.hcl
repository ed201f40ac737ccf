deviation "database-audit-log-by-export" {
  notes    = ["aurora.param-server-audit-logs-upload"]
  when     = var.engine == "aurora-mysql"
  rendered = "The audit log reaches CloudWatch Logs through the export \"audit\"; the parameter is not set."
  reason   = "The parameter is the older way, needs its own role (aws_default_logs_role) and uploads the same as the export."
  restore  = "Set server_audit_logs_upload = \"1\" in database_parameters, and give the cluster that role."
}

deviation "database-one-writer" {
  notes    = ["aurora.replication-topology", "aurora.multi-master-tradeoff"]
  rendered = "The cluster has one writer."
  reason   = "Clusters with several writers existed only for MySQL 5.6, which Aurora dropped in 2023."
  restore  = "Nothing to restore: such a cluster can no longer be created."
}
