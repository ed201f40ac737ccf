locals {
  delivery_role_arns = { for key, role in aws_iam_role.delivery : key => role.arn }
}

# A role for each kind of deployment: sessions of an hour instead of a key that lives for years.
resource "aws_iam_role" "delivery" {
  for_each = var.delivery_roles

  name                 = "${var.environment}-${each.key}"                                           # notes sts.role-name-format: the environment, then the role
  max_session_duration = coalesce(each.value.max_session_seconds, var.delivery_max_session_seconds) # why: nobody can ask for a longer session
  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({ # notes sts.trust-policy: who may assume the role, and on what condition
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = coalesce(each.value.trusted, var.trusted_principals) } # notes sts.trusted-entity-user-arn: users and roles by their ARNs, never a whole account
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } } # notes sts.external-id: the caller must know it
    }]
  })
}

# notes iam.policy-attachment-style: inline, in this one role
resource "aws_iam_role_policy" "delivery" {
  for_each = { for key, role in var.delivery_roles : key => role if length(role.statements) > 0 }

  name = "deliver"
  role = aws_iam_role.delivery[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in each.value.statements : merge(
      { Effect = "Allow", Action = statement.actions, Resource = statement.resources },
      length(statement.conditions) == 0 ? {} : { Condition = statement.conditions },
    )]
  })
}

resource "aws_iam_role_policy_attachment" "delivery" {
  for_each = merge([for key, role in var.delivery_roles : {
    for name, arn in role.policy_arns : "${key}-${name}" => { role = key, policy_arn = arn }
  }]...)

  role       = aws_iam_role.delivery[each.value.role].name
  policy_arn = each.value.policy_arn
}
