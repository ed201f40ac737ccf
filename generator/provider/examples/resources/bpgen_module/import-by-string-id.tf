import {
  to = bpgen_module.web
  id = "modules/web"
}
