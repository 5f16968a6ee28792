"""Cases of this court as far as matters need them; the case-management system is their master, not the node.

``checks``   what may be entered
``masking``  cases and subjects without the numbers of people
``store``    rows of cases
``service``  `CaseService`
"""
