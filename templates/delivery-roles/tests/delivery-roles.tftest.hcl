mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment       = "dev"
  trusted           = "principals"
  principals        = ["arn:aws:iam::123456789012:role/ci", "arn:aws:iam::123456789012:user/operator"]
  external_id       = "only-an-example-0123"
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/oidc.example.com"
  oidc              = { url = "https://oidc.example.com", audience = "sts.amazonaws.com", subjects = ["repo:example/web:ref:refs/heads/main", "repo:example/*:environment:dev"] }
}

run "are_taken_only_by_those_who_are_trusted" {
  command = apply

  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"

    roles = {
      deploy = {
        policy_arns = { read = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
        statements = [
          { actions = ["ecs:UpdateService"], resources = ["arn:aws:ecs:xx-example-1:123456789012:service/example/example"] },
          { actions = ["iam:PassRole"], resources = ["arn:aws:iam::123456789012:role/example-task"], conditions = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } } },
        ]
      }
      migrate = { max_session_seconds = 7200 }
    }
  }

  # bpgen:if var.trusted == "principals"
  assert {
    condition     = alltrue([for role in aws_iam_role.this : jsonencode(jsondecode(role.assume_role_policy).Statement) == jsonencode([{ Action = "sts:AssumeRole", Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }, Effect = "Allow", Principal = { AWS = var.principals } }])])
    error_message = "Only the named users and roles may assume a role, and only with the external ID."
  }

  assert {
    condition     = alltrue([for key, role in aws_iam_role.this : role.name == "${var.environment}-${key}" && role.permissions_boundary == var.permissions_boundary_arn])
    error_message = "The name of a role must begin with its environment, and the boundary must apply to all of them."
  }

  assert {
    condition     = aws_iam_role.this["deploy"].max_session_duration == var.max_session_seconds && aws_iam_role.this["migrate"].max_session_duration == 7200
    error_message = "A session must end after the time set for its role, or for all of them."
  }

  assert {
    condition     = length(aws_iam_role_policy.this) == 1 && alltrue([for key, policy in aws_iam_role_policy.this : key == "deploy" && [for statement in jsondecode(policy.policy).Statement : statement.Action] == [["ecs:UpdateService"], ["iam:PassRole"]] && jsondecode(policy.policy).Statement[1].Condition.StringEquals["iam:PassedToService"] == ["ecs-tasks.amazonaws.com"]])
    error_message = "A role must be able to do what its statements say, under their conditions, and nothing else."
  }

  assert {
    condition     = { for key, attachment in aws_iam_role_policy_attachment.this : key => attachment.policy_arn } == { deploy-read = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
    error_message = "A role must have the named policies, and no others."
  }
}

# bpgen:if var.trusted == "oidc"
run "are_taken_only_by_jobs_of_the_organization" {
  command = apply

  variables {
    trusted = "oidc"
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.this : [for statement in jsondecode(role.assume_role_policy).Statement : [statement.Effect, statement.Action, statement.Principal]] == [["Allow", "sts:AssumeRoleWithWebIdentity", { Federated = var.existing_provider ? var.oidc_provider_arn : aws_iam_openid_connect_provider.this[0].arn }]]])
    error_message = "Only tokens from the OIDC provider may assume a role."
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.this : alltrue([for statement in jsondecode(role.assume_role_policy).Statement : jsonencode(statement.Condition) == jsonencode({ StringEquals = { "oidc.example.com:aud" = var.oidc.audience }, StringLike = { "oidc.example.com:sub" = var.oidc.subjects } })])])
    error_message = "Only tokens for this audience and these subjects may assume a role."
  }
}

# bpgen:if var.trusted == "oidc"
run "refuse_everybody_who_uses_the_provider" {
  command = plan

  variables {
    trusted = "oidc"
    oidc    = { url = "https://oidc.example.com", audience = "sts.amazonaws.com", subjects = ["repo:*"] }
  }

  expect_failures = [var.oidc]
}

# bpgen:if var.trusted == "principals"
run "refuse_a_whole_account" {
  command = plan

  variables {
    principals = ["arn:aws:iam::123456789012:root"]
  }

  expect_failures = [var.principals]
}
