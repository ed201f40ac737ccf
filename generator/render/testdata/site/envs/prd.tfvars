# The values of prd.
# Set them in the module block of your root module, which passes the providers; see README.md.
# Also needed: name.

retention_days = 365 # notes s3.retention: Logs are kept for 7 days | or longer; what is older goes
days_by_prefix = {
  "a/" = 30 # for audits
  b    = 7
}
tier_words = "tier large" # notes s3.retention, s3.gone: all the words that we want; departs from notes s3.public
