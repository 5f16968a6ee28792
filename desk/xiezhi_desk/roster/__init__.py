"""Duty rosters (值班表): who can be called at a court, and when (practice.md §13).

``duty``     a duty, and how one is entered
``store``    rows of duties
``service``  `RosterService`, the same at hub and node
"""
