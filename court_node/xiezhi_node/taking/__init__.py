"""Taking: what this node does with the items of its feed (protocol §4).

`check` verifies bytes, signatures and commitments off the writer; `take` stores the items in the writer, moves the
cursor, and makes the machine receipt. Nothing is acknowledged before that is on disk.
"""
