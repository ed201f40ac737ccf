# How many combinations of options are scanned: the default and those that hold most of the pairs of values.
rows = 8

# Checks of high or critical severity that a comment may skip. Everywhere else such a finding is to be mended.
grave = {
  AWS-0132 = "a bucket without a key of our own: the trail encrypts its files with its own key"
}
