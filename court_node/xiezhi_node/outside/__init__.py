"""Matters of other channels, registered by hand (台账登记, practice.md §14 and §18 ②).

A book of this court alone: nobody else signs it, nothing of it travels, and lists and figures keep it apart.

``matter``   what may be registered, and the states that a person may type
``store``    rows of matters and of their steps
``service``  `OutsideService`
"""
