# No option chosen: what `bpgen render network` writes.
