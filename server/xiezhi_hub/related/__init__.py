"""Finding related cases of courts by keyed hashes of their parties (design §9, docs/threat-model.md).

``store``    rows of open cases, of their marks and of questions
``service``  `RelatedCaseService`
"""
