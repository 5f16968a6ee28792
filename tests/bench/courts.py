"""Who takes part: the hub of an intermediate court, the sender's court, the receiver's court."""

HUB = "苏05"
SENDER = "苏0508"
RECEIVER = "苏0581"
