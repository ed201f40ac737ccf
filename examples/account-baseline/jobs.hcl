# The management account: the trail records the whole organization, its alarms also
# go to a channel, and jobs deliver with tokens of an OIDC provider that is there.
trail         = "organization"
delivery      = "oidc"
oidc_provider = "existing"
chatbot       = true
