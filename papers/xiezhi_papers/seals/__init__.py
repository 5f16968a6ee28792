"""Seals: electronic seals on PDFs (PAdES, ETSI EN 319 142) affixed and checked.

``provider``  what affixes seals: the interface, behind which a court's seal platform can stand
``pades``     the default: a key in a file
``check``     what the seals of a document say; run in a helper process
"""
