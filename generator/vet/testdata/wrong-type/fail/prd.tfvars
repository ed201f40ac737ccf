zones = "three"
