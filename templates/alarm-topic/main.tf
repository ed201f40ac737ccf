# Where alarms go. Subscribe to it to be notified.
resource "aws_sns_topic" "this" {
  name              = var.name
  kms_master_key_id = aws_kms_alias.this.name
}

# For the topic: the policy of the AWS managed key for SNS does not allow CloudWatch.
resource "aws_kms_key" "this" {
  description         = var.description
  enable_key_rotation = true
  policy              = local.key_policy
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

locals {
  # The account grants permissions through IAM; apart from that, only alarms of this system may publish.
  key_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountByIAM"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*" # why: a key that its own account cannot manage is lost
        Resource  = "*"
      },
      {
        Sid       = "AlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"] # why: required to publish to an encrypted topic
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:cloudwatch:*:${data.aws_caller_identity.current.account_id}:alarm:${var.alarm_prefix}*" }
        }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "this" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.key
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
