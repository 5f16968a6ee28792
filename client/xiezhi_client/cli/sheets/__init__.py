"""Spreadsheets that staff fill in: their columns, the empty template, and reading what came back.

``columns``   what a column is
``template``  the empty sheet that explains itself
``reading``   a filled-in sheet as rows of text, with what is wrong in which cell
``problems``  what is wrong, as a table for people and as data for programs
"""
