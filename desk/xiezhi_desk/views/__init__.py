"""Saved views of lists: alike at hub and node.

``store``    their rows
``service``  `ViewService`
"""
