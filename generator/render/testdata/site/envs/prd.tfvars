# The values of prd.
# Set them in the module block of your root module, which passes the providers; see README.md.
# Also needed: name.

retention_days = 365 # notes 22-02: Logs are kept for 7 days | or longer; what is older goes
days_by_prefix = {
  "a/" = 30 # for audits
  b    = 7
}
tier_words = "tier large" # notes 05, 22-02, s3.gone: all the words that we want
