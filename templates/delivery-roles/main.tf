# A role for each kind of deployment: sessions of an hour instead of a key that lives for years.
resource "aws_iam_role" "this" {
  for_each = var.roles

  name                 = "${var.environment}-${each.key}"                                  # notes: sts.role-name-format the environment, then the role
  max_session_duration = coalesce(each.value.max_session_seconds, var.max_session_seconds) # why: nobody can ask for a longer session
  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = var.trusted == "principals" ? jsonencode({ # notes: sts.trust-policy who may assume the role, and on what condition
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = coalesce(each.value.trusted, var.principals) } # notes: sts.trusted-entity-user-arn users and roles by their ARNs, never a whole account
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } } # notes: sts.external-id the caller must know it
    }]
    }) : jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = var.existing_provider ? var.oidc_provider_arn : aws_iam_openid_connect_provider.this[0].arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "${trimprefix(var.oidc.url, "https://")}:aud" = var.oidc.audience }
        StringLike   = { "${trimprefix(var.oidc.url, "https://")}:sub" = coalesce(each.value.trusted, var.oidc.subjects) } # why: without it every user of the provider could assume the role
      }
    }]
  })
}

# It exists once per account and URL.
resource "aws_iam_openid_connect_provider" "this" {
  count = var.trusted == "oidc" && !var.existing_provider ? 1 : 0

  url            = var.oidc.url
  client_id_list = [var.oidc.audience]
}

# notes: iam.policy-attachment-style inline, in this one role
resource "aws_iam_role_policy" "this" {
  for_each = { for key, role in var.roles : key => role if length(role.statements) > 0 }

  name = "deliver"
  role = aws_iam_role.this[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in each.value.statements : merge(
      { Effect = "Allow", Action = statement.actions, Resource = statement.resources },
      length(statement.conditions) == 0 ? {} : { Condition = statement.conditions },
    )]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = merge([for key, role in var.roles : {
    for name, arn in role.policy_arns : "${key}-${name}" => { role = key, policy_arn = arn }
  }]...)

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = each.value.policy_arn
}
