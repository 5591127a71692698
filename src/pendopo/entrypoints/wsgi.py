"""The WSGI application that granian serves; its processes also answer ``/metrics``, on a port of its own."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pendopo.entrypoints.settings")

application = get_wsgi_application()

from pendopo.entrypoints import tracing  # noqa: E402  # same
from pendopo.foundation import measures, metrics  # noqa: E402  # the rooms have to be loaded first
from pendopo.foundation.settings import current  # noqa: E402  # same
from pendopo.kernel import supervision  # noqa: E402  # same

measures.require_sound()
tracing.start("web")
metrics.serve(current().metrics_port)
supervision.tell(supervision.READY)
