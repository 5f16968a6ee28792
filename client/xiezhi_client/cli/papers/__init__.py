"""Papers on the command line.

``letter``    making letters, singly and in batches
``template``  the court's own templates
``seals``     what is missing, sealing, checking seals
``fields``    how entries and letters are typed
"""
