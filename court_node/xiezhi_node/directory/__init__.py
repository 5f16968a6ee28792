"""The directory at the desk: what this node holds itself, so that it serves while the hub is away.

``service``  `DirectoryService`
"""
