"""处置权移交: the right to dispose of a property goes from the court that seized first to one that waits.

``register``  the seizures of the property, folded from the events of the matter
``seizures``  rows of seizures as headers state them
``grounds``   whether the tests of a legal ground hold, on dated facts and the register
``designation``  whom the superior may designate in a dispute
``proceeds``  what became of the money, to the fen

Sources: 法释〔2016〕6号, 财产保全规定 第21条, 查封规定 第26条, the notice of the High Court of Jiangsu.
"""
