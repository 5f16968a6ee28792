"""Documents: bytes addressed by their SHA-256, and which instruction names them.

``document``   a document, and what may be said of one
``storage``    where bytes lie: the interface, and what it promises
``files``      the storage in files
``store``      rows of documents and uploads
``examination``  looking into a document as it arrives
``uploads``    receiving a document in pieces, from where the last try ended
``documents``  what programs ask for: have, find, read, keep
``collect``    deleting what nobody names
``service``    `DocumentService`
"""
