"""The workbench: what court staff look at in a browser, for one node or one hub.

A program of its own beside the node, `xiezhi workbench serve`, and one more client of the same gRPC services through
the SDK: it has no rights and no logic of its own. What a person may see and do, the server says.

`app`       the program: middleware, static files, routes of all pages
`page`      what every page is given, and what becomes of an error
`pages`     one module per screen; `templates` has a folder for each, `static` what browsers load
`sessions`  who is signed in; `security` headers, forged requests
`words`     Chinese for people, from the one table of terms; `menu` what the bar offers to whom
`config`, `serve`, `cli`  how it is started
"""
