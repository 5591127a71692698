"""Addresses of maturity."""

from pendopo.maturity.pages import assess_urls, published_urls

app_name = "maturity"

urlpatterns = [*assess_urls.patterns, *published_urls.patterns]
