"""Addresses of the portal."""

from django.urls import path

from pendopo.portal.pages import about, access, figures, home, things

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("my/cases/", home.cases, name="cases"),
    path("my/data/", things.data, name="data"),
    path("my/documents/", things.my_documents, name="documents"),
    path("my/access/", access.listing, name="access"),
    path("my/access.json", access.list_file, name="access_file"),
    path("my/access/<uuid:entry_id>/", access.proof, name="proof"),
    path("my/access/<uuid:entry_id>/proof.json", access.proof_file, name="proof_file"),
    path("about/", about.about, name="about"),
    path("how-it-works/", about.how, name="how"),
    path("figures/", figures.figures, name="figures"),
    path("accessibility/", about.accessibility, name="accessibility"),
]
