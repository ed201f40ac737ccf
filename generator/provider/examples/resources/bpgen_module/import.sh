# The id is the path of a folder that bpgen wrote, relative to the working directory.
terraform import bpgen_module.web modules/web
