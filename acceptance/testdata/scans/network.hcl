# How many combinations of options are scanned: each value of each option is in one of them.
rows = 8
