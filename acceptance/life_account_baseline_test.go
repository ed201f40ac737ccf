package acceptance

import (
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/matrix"
)

// livesOfAccountBaseline are the option sets of account-baseline that are led through their lives.
func livesOfAccountBaseline() []life {
	text, on, off := cty.StringVal, cty.True, cty.False
	only := []string{harness.Terraform}
	return []life{
		{name: "default", cores: harness.Cores(), region: homeRegion, options: matrix.Row{}, steps: slices.Concat(
			[]step{
				firstApply(nil, (*living).assumesRole),
				variable("longer sessions", map[string]any{"delivery_max_session_seconds": 7200}, `aws_iam_role\.delivery`),
				variable("a role that may do something", map[string]any{"delivery_roles": map[string]any{"deploy": map[string]any{
					"policy_arns": map[string]string{"read": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
					"statements":  []any{map[string]any{"actions": []string{"s3:PutObject"}, "resources": []string{"arn:aws:s3:::example/*"}}},
				}}}, ``).with(`aws_iam_role_policy(_attachment)?\.delivery`),
				{name: "jobs assume the roles", options: matrix.Row{"delivery": text("oidc")}, creates: `aws_iam_openid_connect_provider\.`, updates: `aws_iam_role\.delivery`, do: func(v *living) error {
					return v.set(map[string]any{"oidc": map[string]any{"url": "https://oidc.example.com", "audience": "sts.amazonaws.com", "subjects": []string{"repo:example/web:*"}}})
				}},
			},
			lastOfAccount(),
		)},
		{name: "organization", cores: only, region: "eu-west-1", options: matrix.Row{"trail": text("organization"), "trail_to_logs": off, "delivery": text("none")}, steps: slices.Concat(
			[]step{
				firstApply(nil, nil),
				option("to the log", matrix.Row{"trail_to_logs": on}, `aws_cloudwatch_|aws_iam_role(_policy)?\.trail|aws_sns_topic\.|aws_kms_(key|alias)\.monitoring`, `aws_cloudtrail\.|aws_kms_key\.trail`),
			},
			lastOfAccount(),
		)},
		{name: "settings", cores: only, region: "us-west-2", options: matrix.Row{"trail": text("none"), "delivery": text("none"), "settings": off}, steps: []step{
			firstApply(nil, nil),
			option("settings", matrix.Row{"settings": on}, `aws_.*\.settings`, ``),
			destroyed(),
		}},
	}
}

// with says what a step creates besides.
func (s step) with(creates string) step {
	s.creates = creates
	return s
}

// lastOfAccount is how every life of an account with a trail ends.
func lastOfAccount() []step {
	return []step{
		newer("a newer template", templateEdit{"trail/main.tf", `description         = "Trail ${var.name}"`, `description         = "Trail of ${var.name}"`}, `aws_kms_key\.trail`),
		variable("other values", map[string]any{"trail_retention_days": 400, "trail_log_retention_days": 90, "trail_recorded_bucket_arns": []string{"arn:aws:s3:::example"}},
			`aws_s3_bucket_lifecycle_configuration\.|aws_cloudwatch_log_group\.|aws_cloudtrail\.`),
		destroyed(),
	}
}

// assumesRole follows the runbook: the script keeps a session of the role as a profile,
// and a call with that profile is the role's.
func (v *living) assumesRole() error {
	_, err := v.r.Follow(v.t, v.aws, `
export ENV=dev ACCOUNT_ID_DEV=$(aws sts get-caller-identity --query Account --output text) EXTERNAL_ID_DEV=only-an-example-0123
export AWS_CONFIG_FILE=$PWD/aws-config AWS_SHARED_CREDENTIALS_FILE=$PWD/aws-credentials
bash files/delivery/assume-role.sh --profile
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
aws sts get-caller-identity --profile dev-repository --query Arn --output text | grep ':assumed-role/dev-deploy/delivery$'
rm aws-config aws-credentials
`, time.Minute)
	return err
}
