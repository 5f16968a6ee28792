"""查人找物: find instructions, drafted by people or issued in batches by programs (`xiezhi_node.ordering`).

``service``  `FindService`
"""
