"""The least code with the final list of durable steps: what the product is compared with.

Per instruction, each step durable before anything that follows from it is said:

1. the sender's node stores and signs Issued
2. the hub rules, logs, feeds both courts, signs a checkpoint; the sender's node stores the ruling
3. the receiver's node stores Issued and, in the same commit, its own Delivered (no documents)
4. the hub rules on Delivered; the receiver's node stores that ruling
5. the sender's node stores Delivered: the receipt

Frames are those of `LinkService`. It has mTLS, batches that form by themselves, one writer thread with group commit
per process, push signatures and checkpoints once per commit and checked once per reader, the Merkle log, gapless
chained feeds, cursors. It has no validation, no domain code, no lanes, no reconnecting, and only one column table for
each thing stored: what the product loses against it is the price of what the product does.
"""

CONNECT = "/bench.Prototype/Connect"
"""The one method of its hub."""
