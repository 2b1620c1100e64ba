"""Files in and out: workbooks, .docx and PDF. No Django in here.

Whatever a file may hold, it is answered with values and findings; a bad file is refused with a
code whose sentence stands in ``taizhang/wording`` under ``[document]``.
"""
