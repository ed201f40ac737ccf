# In a network that is there already, such as that of examples/network.
network = "existing"
