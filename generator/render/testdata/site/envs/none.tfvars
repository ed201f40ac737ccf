# The values of none.
# Give them in the module block of your root module, which passes the providers; see README.md.
# Needed besides: name.
