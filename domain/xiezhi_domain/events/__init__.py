"""Events: what is signed, what the hub rules, what the log and the feeds hold (ADR 0001).

Only bytes and their meaning live here; what an event *does* to a matter is in `xiezhi_domain.ladder`.
"""
