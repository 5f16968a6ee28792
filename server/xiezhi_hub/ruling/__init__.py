"""Ruling: what the hub does with an event that a court has pushed (protocol §3).

`check` looks at the bytes, the signature and the commitment, off the writer; `rule` decides on the hub's own history
in the writer and adds log entry and feeds; `cross_check` holds what an event says of the log and of other matters
against both; `directory` does the same for key and directory events.
"""
