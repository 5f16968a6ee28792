"""Many orders from one spreadsheet.

`columns`    what stands in which column for 查人找物
`orders`     a row of it as an order
`delegated`  columns and rows of 事项委托 and 协助执行, as the rulebook says
`forms`      what an import of one kind needs to know
`reader`     reading the cells of one row
`drafting`   check all, then draft row by row, repeatable
"""
