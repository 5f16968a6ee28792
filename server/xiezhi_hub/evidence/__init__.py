"""Proofs from the log, for whoever may ask: its parties' courts, and the hub's own people."""
