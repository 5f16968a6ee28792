"""Papers at a court's desk: what is missing, letters, templates, seals.

``missing``     which papers the acts of a matter still need
``matter_facts``  what a letter about a matter can say
``item_lines``    its items, for any kind
``kind_facts``    what it can say because of the matter's kind
``case_facts``    what a letter about a case can say
``filling``     a letter's record from what is known and what was entered
``letters``     making letters and keeping them as documents
``batch``       many letters, one after the other told
``trial``       trying a template before it is used
``templates``   rows of the court's own templates
``sealing``     affixing and checking seals
``desk``        what all of it needs, made once
``service``     `PaperService`
"""
