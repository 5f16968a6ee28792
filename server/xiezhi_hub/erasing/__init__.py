"""Ordering erasures at the hub, and telling who has answered (protocol §14, ADR 0013)."""
