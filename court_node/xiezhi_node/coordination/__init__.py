"""What this court asks of its superior: an order (报请), or a decision on a dispute with another court (执行协调).

`checks` says what may be asked, `service` takes the calls.
"""
