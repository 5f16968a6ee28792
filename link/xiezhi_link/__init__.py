"""Both ends of the stream between a node and its hub (protocol §4, ADR 0002); no database, no ruling.

What hub and node implement
    ``ports``        what each end asks of the program it serves
    ``signal``       "something was committed", told from any thread

What both ends share
    ``settings``      windows, batch sizes and times, in one place
    ``batches``       frames of at most 1 MiB
    ``frame_writer``  one frame at a time from several tasks
    ``failures``      what ended a stream, and how the operator is told
    ``backoff``       growing, jittered pauses

The hub's end
    ``hub_end``       the service: one stream for each court
    ``greeting``      Hello, checked, and its Welcome
    ``hub_session``   one stream: reading, ruling, noting and giving out side by side
    ``push_ruling``   has the hub rule on what was pushed
    ``push_queue``    what was pushed and waits for its ruling; full means that reading stops
    ``feed_entry``    an item of a feed before it is a message
    ``feed_pump``     lanes in their order, each within its window
    ``lane_window``   what of one lane is under way
    ``notices``       directory entries, and checkpoints for those who cosign
    ``recovery``      asks for what the hub has lost

The node's end
    ``node_end``      dials for ever; what ``doctor`` and health are told
    ``hub_channel``   the one channel to the hub
    ``node_session``  one stream: sending, taking and recalling side by side
    ``sender``        pushes what is pending, within the window
    ``under_way``     what was pushed on this stream and has no answer yet
    ``held_back``     what has to be pushed again later
    ``inbox``         what was received and waits to be stored, urgent first
"""
