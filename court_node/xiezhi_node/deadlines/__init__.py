"""Deadlines at a node: previews made of its own copy of the histories; the hub's bind (protocol §10)."""
