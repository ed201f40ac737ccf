# dev: Small and cheap.
# Set them in the module block of your root module, which passes the providers; see README.md.

name           = "dev"
retention_days = 1 # why: nobody looks back
