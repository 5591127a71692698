"""Settings of a newer version of the hall: the present ones, and an application with a slow migration."""

from pendopo.entrypoints.settings import *  # noqa: F403  # a settings module is read by its names
from pendopo.entrypoints.settings import INSTALLED_APPS as _PRESENT

INSTALLED_APPS = [*_PRESENT, "tests.faults.newer_app"]
