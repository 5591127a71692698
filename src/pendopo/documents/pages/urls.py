"""Addresses of this room."""

from django.urls import path

from pendopo.documents.pages import download, revocation, verification

app_name = "documents"
urlpatterns = [
    path("verify/", verification.form, name="verify"),
    path("verify/file/", verification.file, name="verify_file"),
    path("verify/<str:code>", verification.result, name="verification"),
    path("my/documents/<uuid:document_id>/download.pdf", download.download, name="download"),
    path("desk/documents/<uuid:document_id>/revoke/", revocation.revoke, name="revoke"),
]
