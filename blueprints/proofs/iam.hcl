proof "iam.ecr-lifecycle-policy-needed-in-iac" {
  every "aws_ecr_lifecycle_policy" {
    policy = json({
      rules = contains({ action = { type = "expire" } })
    })
  }
}

proof "iam.cli-credentials-file-required" {
  duty = "The file is on the machine of the person who uses the command line."

  human "runbooks/service-access.md" {
    heading = "The command line"
    says    = "credentials`.*aws_access_key_id"
  }
}

# Departed: the key is region.
proof "iam.cli-configure-region-key" {
  duty = "The file is on the machine of the person who uses the command line."

  human "runbooks/service-access.md" {
    heading = "The command line"
    says    = "aws_default_region"
  }
}

# Departed: both variables, set to the same value.
proof "iam.cli-env-region-name" {
  duty = "An environment variable of the person who uses the command line."

  human "runbooks/service-access.md" {
    heading = "The command line"
    says    = "AWS_DEFAULT_REGION"
  }
}

proof "iam.group-permissions" {
  duty = "Users and groups belong to the account, not to a module of one system."

  human "runbooks/service-access.md" {
    heading = "People"
    says    = "grant permissions to groups and put people in groups, never to individual users"
  }
}

proof "iam.group-administrator" {
  duty = "Groups belong to the account, not to a module of one system."

  human "runbooks/service-access.md" {
    heading = "People"
    says    = "arn:aws:iam::aws:policy/AdministratorAccess"
  }
}

proof "iam.group-power-user" {
  duty = "Groups belong to the account, not to a module of one system."

  human "runbooks/service-access.md" {
    heading = "People"
    says    = "arn:aws:iam::aws:policy/PowerUserAccess"
  }
}

proof "iam.group-view-only" {
  duty = "Groups belong to the account, not to a module of one system."

  human "runbooks/service-access.md" {
    heading = "People"
    says    = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
  }
}

proof "iam.rename-user" {
  human "runbooks/service-access.md" {
    heading = "People"
    says    = "aws iam update-user --user-name \"<old>\" --new-user-name \"<new>\""
  }
}
