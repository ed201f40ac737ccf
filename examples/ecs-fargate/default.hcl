# No option chosen: what `bpgen render ecs-fargate` writes.
