"""Addresses of the catalogue."""

from django.urls import path

from pendopo.catalogue.pages import views

app_name = "catalogue"

urlpatterns = [
    path("services/", views.services, name="services"),
    path("services/<slug:agency>/<slug:code>/", views.service, name="service"),
    path("services/<slug:agency>/<slug:code>/standard/", views.standard, name="standard"),
    path("life-events/<slug:code>/", views.life_event, name="life_event"),
]
