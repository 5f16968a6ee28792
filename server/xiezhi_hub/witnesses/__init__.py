"""Gathering the nodes' cosignatures under the hub's checkpoints (protocol §7)."""
