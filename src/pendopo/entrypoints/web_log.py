"""What the web server need not say: that threads outnumber the processors.

It advises two threads a processor, for work that computes. A thread here mostly waits: for the database, or
seconds for a gateway. Named in ``web_log.json``, the server's logging configuration.
"""

import logging
from typing import override

ABOUT_THREADS = "Configuration allows spawning up to"


class NotAboutThreads(logging.Filter):
    """Lets everything pass but that advice."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(ABOUT_THREADS)
