"""A superior's orders (practice.md §2): whom one goes to, what became of the cases that it moves, and where one is due.

``form``        an order as far as courts and sums go: who gets it, what each is ordered, what it still lacks
``succession``  old case and new case: the balance goes over once, to the fen
``candidates``  cases for 交叉执行, proposed from the data
"""
