"""What the common superior does to matters between its courts (practice.md §5–§7): events that the hub makes itself.

`people` says who acts, `acting` makes, judges and logs the event in the writer, `service` takes the calls.
"""
