"""Addresses of the design system."""

from django.urls import path

from pendopo.ui.pages import appearance, gallery, manifest

app_name = "ui"

urlpatterns = [
    path("appearance/", appearance.choose, name="appearance"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("ui/", gallery.overview, name="gallery"),
    path("ui/<slug:group>/", gallery.components, name="components"),
]
