"""Commands about the court's people: staff lists, passwords, duty rosters, leave.

``staff``      `xiezhi staff import`, with the columns of the list
``first``      the file in which first passwords are written once
``passwords``  `xiezhi password`, and what an administrator does to accounts
``roster``     `xiezhi roster`
``leave``      `xiezhi leave`
"""
