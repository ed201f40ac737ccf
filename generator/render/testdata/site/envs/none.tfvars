# The values of none.
# Set them in the module block of your root module, which passes the providers; see README.md.
# Also needed: name.
