# Alarms are sent by e-mail. Subscribing a phone as well, with something other than its
# number, is reported.
proof "sns.sms-phone-number" {
  rule "sms-number" {
    add {
      text = <<-EOT
        resource "aws_sns_topic_subscription" "phone" {
          topic_arn = aws_sns_topic.monitoring.arn
          protocol  = "sms"
          endpoint  = "ops@example.com"
        }
      EOT
    }
  }
}

waive "sns.chatbot-endpoint" {
  reason = "Chatbot subscribes to the topics that its configuration names; a subscription in code would deliver each message twice."
}
