nam = "prd"
