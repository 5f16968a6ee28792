"""One module per screen, each with its `routes`; `xiezhi_workbench.app` puts them together."""
