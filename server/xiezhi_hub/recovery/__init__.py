"""Recovery: a hub that lost something opens only when it has it back (protocol §8, ADR 0002)."""
