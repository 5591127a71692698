"""Addresses of the register: ``/population/v1/…``."""

from django.urls import URLPattern, URLResolver, include, path

from pendopo.foundation.http import Audience, access
from pendopo.registers.rest.interface import api

_routes: list[URLPattern | URLResolver]
_routes, _app, _namespace = api.urls

for _route in _routes:
    if isinstance(_route, URLPattern) and _route.callback is not None:
        access(Audience.SERVICE, reason="checks the bearer token of its own gateway")(_route.callback)

urlpatterns = [path("population/v1/", include((_routes, _app), namespace=_namespace))]
