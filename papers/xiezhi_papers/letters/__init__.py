"""Letters: one record per letter, its words, and Word and PDF made from the same data.

``fields``     how a record says what its fields are called and who fills them in
``rows``       the tables that letters have
``records``    one record per letter between courts
``filing``     the four papers at the filing of a case
``catalogue``  which paper is which record
``sandbox``    the templates' language, without a way out
``wording``    the words of a letter: shipped, or a court's own
``words``      dates, sums and lists as letters print them
``fonts``      the fonts of a PDF
``word``       the Word file
``pdf``        the PDF
``templates``  what a court may put in the place of what is shipped
``make``       making a letter; run in a helper process
"""
