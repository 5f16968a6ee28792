"""What an uploaded file really is; what its name says is compared, never believed.

``media_type``  the type, found in the bytes
``names``       whether a file's name agrees with its type
``examine``     pages, encryption and damage; run in a helper process
"""
