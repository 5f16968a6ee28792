"""Spreadsheets that staff fill in or take away: their columns, templates, reading and writing them.

``columns``   what a column is
``template``  the empty sheet that explains itself
``reading``   a filled-in sheet as rows of text, with what is wrong in which cell
``writing``   a table as CSV or XLSX
"""
