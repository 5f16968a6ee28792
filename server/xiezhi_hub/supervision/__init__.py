"""Supervision: what the intermediate court sees of the matters between its courts."""
