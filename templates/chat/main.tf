resource "aws_chatbot_slack_channel_configuration" "this" {
  configuration_name    = "${var.name}-alarms"
  slack_team_id         = var.slack.workspace_id # why: the workspace must be authorised in the console once
  slack_channel_id      = var.slack.channel_id
  sns_topic_arns        = var.topic_arns # notes: chatbot.cloudwatch-sns-chatbot CloudWatch, SNS, Chatbot, chat
  iam_role_arn          = aws_iam_role.chatbot.arn
  guardrail_policy_arns = ["arn:${data.aws_partition.current.partition}:iam::aws:policy/CloudWatchReadOnlyAccess"] # why: the channel gets read-only access
}

# For the bot, which draws the alarm's graph.
resource "aws_iam_role" "chatbot" {
  name = "${var.name}-chatbot-${data.aws_region.current.id}" # why: it reads from CloudWatch
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "chatbot.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "chatbot" {
  role       = aws_iam_role.chatbot.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/CloudWatchReadOnlyAccess"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
