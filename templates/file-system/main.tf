# Files that all tasks share.
resource "aws_efs_file_system" "this" {
  # checkov:skip=CKV_AWS_184:the AWS managed key encrypts it just as well
  encrypted       = true
  throughput_mode = "elastic" # why: follows the load, and costs nothing while nobody reads or writes

  lifecycle_policy {
    transition_to_ia = "AFTER_30_DAYS" # why: most files are read when they are new
  }

  lifecycle_policy {
    transition_to_primary_storage_class = "AFTER_1_ACCESS"
  }

  tags = { Name = var.name } # notes: tags.name resources without a name get this tag
}

# A daily copy, which outlives the file system.
resource "aws_efs_backup_policy" "this" {
  file_system_id = aws_efs_file_system.this.id

  backup_policy {
    status = "ENABLED"
  }
}

# One in each zone, for the tasks there.
resource "aws_efs_mount_target" "this" {
  count = length(var.subnet_ids)

  file_system_id  = aws_efs_file_system.this.id
  subnet_id       = var.subnet_ids[count.index]  # notes: efs.mount-target-same-subnet-as-client the subnets of the tasks
  security_groups = [aws_security_group.this.id] # notes: efs.sg-allow-nfs-from-ec2 allows NFS from the tasks
}

# The tasks see this directory only, and every file in it belongs to one user.
resource "aws_efs_access_point" "this" {
  file_system_id = aws_efs_file_system.this.id

  posix_user {
    uid = var.owner
    gid = var.owner
  }

  root_directory {
    path = "/files"

    creation_info {
      owner_uid   = var.owner
      owner_gid   = var.owner
      permissions = "0750"
    }
  }

  tags = { Name = var.name }
}

# Only the tasks may mount it, and only with TLS.
resource "aws_efs_file_system_policy" "this" {
  file_system_id = aws_efs_file_system.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TasksMount"
        Effect    = "Allow"
        Principal = { AWS = var.client_role_arn }
        Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        Resource  = aws_efs_file_system.this.arn
        Condition = { StringEquals = { "elasticfilesystem:AccessPointArn" = aws_efs_access_point.this.arn } }
      },
      {
        Sid       = "EncryptedTransportOnly"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "*"
        Resource  = aws_efs_file_system.this.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_security_group" "this" {
  name        = "${var.name}-files"
  description = "File system of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id # notes: security-group.efs-source the application's group
  description                  = "NFS access from the application"
  ip_protocol                  = "tcp"
  from_port                    = 2049 # notes: security-group.efs-nfs TCP 2049, from the application
  to_port                      = 2049
}

resource "aws_vpc_security_group_egress_rule" "client" {
  security_group_id            = var.client_security_group_id
  referenced_security_group_id = aws_security_group.this.id
  description                  = "NFS to the file system"
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
}
