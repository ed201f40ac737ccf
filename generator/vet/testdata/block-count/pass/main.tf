resource "aws_lb_listener" "main" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/x/1"
  port              = 80

  dynamic "default_action" {
    for_each = ["443"]

    content {
      type = "redirect"

      redirect {
        port        = default_action.value
        status_code = "HTTP_301"
      }
    }
  }
}
