"""Proofs at the desk: asked of the hub, for matters that the caller may know of.

``service``  `EvidenceService`
"""
