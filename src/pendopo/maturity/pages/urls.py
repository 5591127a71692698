"""Addresses of maturity."""

from pendopo.maturity.pages import published_urls

app_name = "maturity"

urlpatterns = [*published_urls.patterns]
