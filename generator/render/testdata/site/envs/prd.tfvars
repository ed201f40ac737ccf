# The values of prd.
# Set them in the module block of your root module, which passes the providers; see README.md.
# Also needed: name.

retention_days = 365 # departs from notes s3.retention: The auditors ask for it
days_by_prefix = {
  "a/" = 30 # for audits
  b    = 7
}
tier_words = "tier large" # notes s3.gone: all the words that we want; departs from notes s3.public, s3.retention
