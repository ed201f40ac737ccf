output "pipeline_name" {
  description = "Name of the pipeline."
  value       = aws_codepipeline.this.name
}

output "connection_arn" {
  description = "ARN of the connection to the repository, which someone must approve."
  value       = aws_codeconnections_connection.this.arn
}
