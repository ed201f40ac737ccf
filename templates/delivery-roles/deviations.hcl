deviation "jobs-assume-the-roles" {
  notes    = ["sts.trust-policy", "sts.external-id"]
  when     = var.trusted == "oidc"
  rendered = "Jobs assume the role with a token of their CI's OIDC provider, for the given subjects."
  reason   = "A user whose keys live for years is no longer needed where the CI has its own identity. The subject replaces the external ID."
  restore  = "Render with delivery = \"principals\"."
}

deviation "regional-sts" {
  notes    = ["sts.endpoint"]
  rendered = "The script asks the STS endpoint of its region."
  reason   = "The global endpoint is the older form; AWS recommends the regional one, which is nearer and does not depend on another region."
  restore  = "Set AWS_STS_REGIONAL_ENDPOINTS=legacy in the script, in a region that existed in 2019."
}

deviation "region-of-the-caller" {
  notes    = ["sts.default-region", "sts.profile-name"]
  rendered = "The script uses the region from AWS_REGION, AWS_DEFAULT_REGION or the caller's configuration, and writes it to the profile."
  reason   = "A region hard-coded in the script is wrong for everyone who works elsewhere."
  restore  = "Export AWS_REGION before the script runs."
}

deviation "one-script" {
  notes    = ["sts.assume-role-script", "sts.export-credentials-script", "sts.credentials-file-script"]
  rendered = "One script assumes the role and passes the credentials on, with --export or --profile."
  reason   = "The scripts of the notes confuse the account's ID with the key's, print secrets (set -x), configure a user's keys, and append the token to whichever profile comes last in the file."
  restore  = "Not recommended; NOTES.md says where the scripts are."
}
