"""What people type, in commands and in cells of spreadsheets, as the contract has it; and back.

`unreadable`  what is raised for what cannot be read
`words`       words of the one table
`money`       amounts in yuan
`reasons`     reasons of the rulebook
`item_values` fields of an item
`items`       items from acts and subjects
`papers`      a paper and its file
"""
