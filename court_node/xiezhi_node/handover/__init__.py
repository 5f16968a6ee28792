"""处置权移交 (法释〔2016〕6号; 财产保全规定 第21条).

``steps``    which request makes which event, and what only these requests say
``stated``   seizures that people state, checked and numbered
``service``  the calls
"""
