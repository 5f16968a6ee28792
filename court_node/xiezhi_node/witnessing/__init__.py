"""Cosigning the hub's checkpoints, and knowing which of them enough pinned witnesses have cosigned (protocol §7)."""
