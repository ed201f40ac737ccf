name = "prd"
