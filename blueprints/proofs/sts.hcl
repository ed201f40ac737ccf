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

# The rest asks for nothing; what it says is checked all the same.

proof "sts.assume-role-flow" {
  some "aws_iam_role" {
    assume_role_policy = json({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole" }] })
  }

  file "files/delivery/assume-role.sh" {
    matches = "aws sts assume-role .*printf 'export .*aws configure set aws_session_token"
  }

  human "runbooks/delivery-assume-a-role.md" {
    heading = "In this shell"
    says    = "assume-role\\.sh --export.*aws sts get-caller-identity"
  }

  human "runbooks/delivery-assume-a-role.md" {
    heading = "In a profile"
    says    = "assume-role\\.sh --profile.*aws s3 ls --profile"
  }
}

proof "sts.trust-policy" {
  some "aws_iam_role" {
    assume_role_policy = json({
      Statement = [{
        Effect    = "Allow"
        Principal = { AWS = ["arn:aws:iam::123456789012:role/ci"] }
        Action    = "sts:AssumeRole"
        Condition = { StringEquals = { "sts:ExternalId" = "only-an-example-0123" } }
      }]
    })
  }
}

proof "sts.external-id" {
  some "aws_iam_role" {
    assume_role_policy = json({ Statement = [{ Condition = { StringEquals = { "sts:ExternalId" = "only-an-example-0123" } } }] })
  }

  file "files/delivery/assume-role.sh" {
    matches = "aws sts assume-role .*--external-id \"\\$external_id\""
  }
}

proof "sts.assume-role-script" {
  file "files/delivery/assume-role.sh" {
    matches = "--role-arn \"arn:\\$partition:iam::\\$account:role/.*--role-session-name .*--external-id .*--duration-seconds .*--query 'Credentials.*--output "
  }

  file "files/delivery/assume-role.sh" {
    matches = "set -euo pipefail"
    lacks   = "set -x"
  }
}

proof "sts.environment-names" {
  file "files/delivery/assume-role.sh" {
    matches = "case \"\\$\\{ENV:-\\}\" in\\s+dev \\| stg \\| prd\\) ;;\\s+\\*\\) fail "
  }

  file "files/delivery/assume-role.sh" {
    matches = "fail\\(\\) \\{[^}]*exit 1\\s+\\}"
  }
}

# The script takes both from variables of the environment, and each profile has its own.
proof "sts.account-per-environment" {
  file "files/delivery/assume-role.sh" {
    matches = "account=\\$\\(of_environment ACCOUNT_ID\\).*external_id=\\$\\(of_environment EXTERNAL_ID\\)"
  }

  file "envs/dev.tfvars" {
    matches = "\\nenvironment += \"dev\""
  }

  file "envs/stg.tfvars" {
    matches = "\\nenvironment += \"stg\""
  }

  file "envs/prd.tfvars" {
    matches = "\\nenvironment += \"prd\""
  }
}

proof "sts.session-name" {
  file "files/delivery/assume-role.sh" {
    matches = "--role-session-name \"\\$\\{SESSION_NAME:-"
  }
}

proof "sts.session-duration" {
  file "files/delivery/assume-role.sh" {
    matches = "--duration-seconds \"\\$\\{SESSION_SECONDS:-"
  }
}

proof "sts.max-session-duration" {
  given = { delivery_max_session_seconds = 43200 }

  some "aws_iam_role" {
    where {
      name = "dev-deploy"
    }

    max_session_duration = 43200
  }
}

proof "sts.credentials-expire" {
  human "runbooks/delivery-assume-a-role.md" {
    heading = "Assume it"
    says    = "the time when they expire\\. No user is created.* After that time, run the script again"
  }
}

proof "sts.assume-role-response" {
  file "files/delivery/assume-role.sh" {
    matches = "--query 'Credentials\\.\\[AccessKeyId, SecretAccessKey, SessionToken\\]'"
  }

  human "runbooks/delivery-assume-a-role.md" {
    heading = "Assume it"
    says    = "an access key, a secret key, a session token and the time when they expire.*`assumed-role/<role>/<session>`"
  }
}

proof "sts.credentials-handover" {
  file "files/delivery/assume-role.sh" {
    matches = "--export\\) ;;\\s+--profile\\) profile="
  }
}

proof "sts.export-credentials-script" {
  file "files/delivery/assume-role.sh" {
    matches = "printf 'export .*AWS_ACCESS_KEY_ID .*AWS_SECRET_ACCESS_KEY .*AWS_SESSION_TOKEN .*AWS_ACCOUNT_ID .*AWS_DEFAULT_REGION "
  }
}

proof "sts.credentials-file-script" {
  file "files/delivery/assume-role.sh" {
    matches = "set aws_access_key_id .*set aws_secret_access_key .*set aws_session_token \"\\$session_token\" --profile \"\\$profile\".*set region .*set output json "
  }
}

proof "sts.verify-connection" {
  human "runbooks/delivery-assume-a-role.md" {
    heading = "In a profile"
    says    = "aws s3 ls --profile .*The list should show the bucket that contains the Terraform state"
  }
}
