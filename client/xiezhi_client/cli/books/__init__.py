"""Commands about what lies beside the platform's own matters.

``outside``  `xiezhi outside`: matters of other channels, registered by hand
``channels`` `xiezhi channel`: which channel a matter has to take
``trial``    `xiezhi trial`: trying the platform out
``export``   `xiezhi export`: taking data out
"""
