# ECS brings out a new version beside the old one and switches over; a pipeline
# owns the task definition, and a person may open a shell in a container.
deployment      = "blue-green"
outbound        = "both"
pipeline        = "external"
execute_command = true
