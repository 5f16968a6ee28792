"""Papers: letters made from data, seals affixed and checked, what an uploaded file really is.

``letters``   one record per letter, its wording, Word and PDF of it, a court's own templates
``seals``     affixing a seal to a PDF, and checking the seals of what arrives
``sniffing``  media type, pages, encryption and damage of a file
``workshop``  the helper processes in which all of this runs
"""
