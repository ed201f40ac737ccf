# ARNs of users and roles: the variable allows no others.
proof "sts.trusted-entity-user-arn" {
  some "aws_iam_role" {
    assume_role_policy = refers_to("var.trusted_principals")
  }

  some "variable" "trusted_principals" {
    validation {
      condition = matches("\\(user\\|role\\)/")
    }
  }
}

proof "sts.role-name-format" {
  some "aws_iam_role" {
    name = "dev-deploy"
  }
}

proof "sts.endpoint" {
  file "files/delivery/assume-role.sh" {
    matches = "AWS_STS_REGIONAL_ENDPOINTS=regional"
  }
}

proof "sts.default-region" {
  file "files/delivery/assume-role.sh" {
    matches = "region=\\$\\{AWS_REGION:-\\$\\{AWS_DEFAULT_REGION:-"
    lacks   = "ap-northeast-1"
  }
}

proof "sts.profile-name" {
  file "files/delivery/assume-role.sh" {
    matches = "profile=\"\\$\\{2:-\\$ENV-repository\\}\""
  }

  file "files/delivery/assume-role.sh" {
    matches = "aws configure set output json --profile"
  }
}

# People type their own calls; the script and the runbook say which option they need.
proof "sts.profile-option-required" {
  duty = "The person who makes a call types the option."

  human "runbooks/delivery-assume-a-role.md" {
    heading = "In a profile"
    says    = "Each call then needs"
  }

  file "files/delivery/assume-role.sh" {
    matches = "Every call needs the profile"
  }
}
