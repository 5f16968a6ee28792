"""Following orders to erase (protocol §14, ADR 0013), the same at hub and node.

`contents`  what an order means in bodies: parts become their hashes
`copies`    what else of a matter lies in the journal: drafts, stored answers, notifications, questions to registries
`drafts`    drafts of the superior, which have ids and papers of their own
`work`      both, in one transaction of the writer, with the matter's lists made anew
`eraser`    the task: erase, delete documents, sweep the database's files, answer
`listed`    the list of orders in a file outside the database, for one that was restored
"""
