"""Drafting: the steps inside the sender's court before anything leaves it (practice.md §2).

What a draft says is kept in the parts that the body of `Issued` is going to have, so that what was approved is what
is sent. The state of a draft is the matter's `local_state`, decided by `xiezhi_domain.ladder.drafting`.

``chain``  what decides on the chain of approvals
``store``  rows of drafts and of the steps they took
``works``  what the writer does: draft, submit, approve, reject, affix the seal
``discard``  what the writer does with drafts that are given up
``consent``  approvals of urgent matters by word of mouth, and their writing
"""
