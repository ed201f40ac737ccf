package acceptance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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
				option("to the log", matrix.Row{"trail_to_logs": on}, `aws_cloudwatch_|aws_iam_role(_policy)?\.trail|aws_sns_topic\.|aws_kms_(key|alias)\.monitoring`, `aws_cloudtrail\.`),
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
		newer("a newer template", templateEdit{"data-bucket/main.tf", `description         = "Bucket ${var.name}-${var.purpose}"`, `description         = "Objects of ${var.name}-${var.purpose}"`}, `aws_kms_key\.trail_bucket`),
		variable("other values", map[string]any{"trail_retention_days": 400, "trail_log_retention_days": 90, "trail_recorded_bucket_arns": []string{"arn:aws:s3:::example"}},
			`aws_s3_bucket_lifecycle_configuration\.|aws_cloudwatch_log_group\.|aws_cloudtrail\.`),
		{name: "evidence stays", do: (*living).refusesToGo, creates: `.*`, updates: `aws_s3_bucket`},
		destroyed(),
	}
}

// refusesToGo destroys the module while there is a file of the trail: the bucket stays,
// and so does its key, without which nobody could read the file. Then it is emptied by hand.
func (v *living) refusesToGo() error {
	// The emulator is called without TLS, which the bucket's policy refuses.
	if _, err := v.r.Follow(v.t, v.aws, `
bucket=$(terraform output -raw trail_bucket)
aws s3api delete-bucket-policy --bucket "$bucket"
echo evidence >evidence
aws s3 cp evidence "s3://$bucket/AWSLogs/evidence.json.gz"
rm evidence
`, time.Minute); err != nil {
		return err
	}
	switch err := v.destroy(); {
	case err == nil:
		return errors.New("a destroy deletes a bucket with a file in it")
	case !strings.Contains(err.Error(), "BucketNotEmpty"):
		return err
	}
	left, err := v.objects()
	if err != nil {
		return err
	}
	for _, address := range []string{"aws_s3_bucket.trail_bucket", "aws_kms_key.trail_bucket"} {
		if !slices.Contains(left, address) {
			return fmt.Errorf("%s is gone, and the file stays", address)
		}
	}
	_, err = v.r.Follow(v.t, v.aws, `
for bucket in $(aws s3api list-buckets --query 'Buckets[].Name' --output text); do
  aws s3api list-object-versions --bucket "$bucket" --query '[Versions,DeleteMarkers][][].[Key,VersionId]' --output text | while read -r key version; do
    if [ "$key" != None ]; then aws s3api delete-object --bucket "$bucket" --key "$key" --version-id "$version" >/dev/null; fi
  done
done
`, time.Minute)
	return err
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
