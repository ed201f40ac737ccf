name = = "x"
