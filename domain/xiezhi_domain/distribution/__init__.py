"""参与分配: the price of one property shared out among the creditors of several courts, exact to the fen.

``shares``    who gets how much of a sum: costs, priority claims by rank, ordinary claims (民诉法解释 508, 514)
``plan``      a 财产分配方案 as headers state it, and how an objection would change it
``disputes``  what nobody disputes, what is deposited (提存), and what a judgment makes of the deposit (510)
``register``  one distribution, folded from the events of all matters that carry a share of it
``presiding`` what the presiding court enters in all matters at once
``standing``  what is still awaited before a plan is settled: receipts, periods of 15 days, suits (509, 510)
"""
