"""Many orders from one spreadsheet.

`columns`  what stands in which column, and the template
`sheet`    reading CSV and XLSX safely
`orders`   a row as an order
`command`  the command: check all, then draft row by row, repeatable
"""
