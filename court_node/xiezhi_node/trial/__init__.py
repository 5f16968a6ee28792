"""Trying the platform out (试运行): matters in a number series of their own, and a clear-out of what is left.

``store``    rows of trials and what they have left
``works``    beginning and clearing, in the writer
``service``  `TrialService`
"""
