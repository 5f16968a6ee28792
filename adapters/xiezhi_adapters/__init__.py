"""Case sources that ship with the platform (`xiezhi.v1.CaseSource`), a program of its own beside the case system.

``records``   what an adapter reads: cases, dossiers, changes
``folder``    one folder for each case
``workbook``  one XLSX workbook for all cases; ``columns`` says which columns, ``sheet`` reads cells
``fields``    case files (TOML, JSON) as messages
``feedback``  results written back as files
``service``   `CaseSource` over any of them
``program``   listener, token, drain; ``cli`` is `xiezhi-cases`
"""

# Before anything loads gRPC, which reads its ciphers once (`xiezhi_wire.tls13`).
import xiezhi_wire as xiezhi_wire
