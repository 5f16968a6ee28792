"""`python -m xiezhi_client.verify`, where the script `xiezhi-verify` is not on the path."""

from xiezhi_client.verify.program import main

main()
