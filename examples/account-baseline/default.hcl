# No option chosen: what `bpgen render account-baseline` writes.
