"""Proofs at the desk: asked of the hub, for matters that the caller may know of.

``service``        `EvidenceService`
``checking``       receipts checked under what this node has pinned
``page``           what the page of a receipt says
``paper_service``  `ReceiptPaperService`
"""
