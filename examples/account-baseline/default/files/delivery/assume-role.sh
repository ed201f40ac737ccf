#!/usr/bin/env bash
# Assumes a delivery role in the account of an environment.
#
#   ENV=dev bash assume-role.sh --export           prints what sets the credentials in a shell
#   ENV=dev bash assume-role.sh --profile [NAME]   keeps them as a profile of the AWS CLI, dev-repository if not named
#
# Needs the account's ID in ACCOUNT_ID_DEV (or _STG, _PRD) and a region.
# The external ID is in EXTERNAL_ID_DEV (or _STG, _PRD).
# ROLE, SESSION_NAME and SESSION_SECONDS change the defaults: the role deploy, as delivery, for an hour.
set -euo pipefail # never -x, which prints the credentials

fail() {
  echo "$1" >&2
  exit 1
}

# Prints the variable that belongs to the environment.
of_environment() {
  local name
  name="$1_$(tr '[:lower:]' '[:upper:]' <<<"$ENV")"
  [ -n "${!name:-}" ] || fail "Set $name."
  echo "${!name}"
}

# notes sts.environment-names: any other name stops here
case "${ENV:-}" in
  dev | stg | prd) ;;
  *) fail "ENV must be dev, stg or prd." ;;
esac

case "${1:-}" in
  --export) ;;
  --profile) profile="${2:-$ENV-repository}" ;; # departs from notes sts.profile-name: A region hard-coded in the script is wrong for everyone who works elsewhere
  *) fail "Say --export, or --profile and a name." ;;
esac

# notes sts.account-per-environment: each environment has an account of its own
account=$(of_environment ACCOUNT_ID)

# departs from notes sts.default-region: A region hard-coded in the script is wrong for everyone who works elsewhere
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[ -n "$region" ] || fail "Set AWS_REGION."

export AWS_STS_REGIONAL_ENDPOINTS=regional # departs from notes sts.endpoint: The global endpoint is the older form; AWS recommends the regional one

external_id=$(of_environment EXTERNAL_ID)
partition=$(aws sts get-caller-identity --region "$region" --query Arn --output text | cut -d: -f2)

# notes sts.assume-role-flow, sts.external-id, sts.session-name, sts.session-duration: asked for with the agreed ID
credentials=$(
  aws sts assume-role \
    --region "$region" \
    --role-arn "arn:$partition:iam::$account:role/$ENV-${ROLE:-deploy}" \
    --role-session-name "${SESSION_NAME:-delivery}" \
    --external-id "$external_id" \
    --duration-seconds "${SESSION_SECONDS:-3600}" \
    --query 'Credentials.[AccessKeyId, SecretAccessKey, SessionToken]' \
    --output text
)
read -r access_key secret_key session_token <<<"$credentials"

# notes sts.credentials-handover: in the environment, or in a profile
if [ "$1" = --export ]; then
  printf 'export %s=%q\n' \
    AWS_ACCESS_KEY_ID "$access_key" \
    AWS_SECRET_ACCESS_KEY "$secret_key" \
    AWS_SESSION_TOKEN "$session_token" \
    AWS_ACCOUNT_ID "$account" \
    AWS_DEFAULT_REGION "$region"
  exit
fi

aws configure set aws_access_key_id "$access_key" --profile "$profile"
aws configure set aws_secret_access_key "$secret_key" --profile "$profile"
aws configure set aws_session_token "$session_token" --profile "$profile"
aws configure set region "$region" --profile "$profile"
aws configure set output json --profile "$profile"

echo "Every call needs the profile, as in: aws s3 ls --profile $profile" >&2 # notes sts.profile-option-required, sts.verify-connection: without it the CLI acts as the caller
