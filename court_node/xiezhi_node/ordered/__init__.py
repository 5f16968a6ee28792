"""Orders of the superior that this court has received (practice.md §2). There is no return, withdrawal or refusal.

`reading` puts an order together, `service` takes the calls.
"""
