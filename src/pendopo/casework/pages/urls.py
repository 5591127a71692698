"""Addresses of applying, following and completing."""

from django.urls import path

from pendopo.casework.pages import apply, cases, files, rating, tracking

app_name = "casework"

APPLICATION = "apply/<slug:agency>/<slug:code>/<uuid:draft_id>/"

urlpatterns = [
    path("apply/<slug:agency>/<slug:code>/", apply.start, name="start"),
    path(APPLICATION, apply.resume, name="resume"),
    path(APPLICATION + "registers/", apply.registers, name="registers"),
    path(APPLICATION + "waiting/", apply.waiting, name="waiting"),
    path(APPLICATION + "discard/", apply.discard, name="discard"),
    path(APPLICATION + "wrong/<str:path>/", apply.wrong, name="wrong"),
    path(APPLICATION + "p/<str:key>/", apply.page, name="page"),
    path("my/cases/<uuid:case_id>/", cases.case, name="case"),
    path("my/cases/<uuid:case_id>/receipt/", cases.receipt, name="receipt"),
    path("my/cases/<uuid:case_id>/complete/", cases.complete, name="complete"),
    path("my/cases/<uuid:case_id>/correct/<int:child>/", cases.correct, name="correct"),
    path("my/cases/<uuid:case_id>/rating/", rating.own, name="rating"),
    path("my/files/<uuid:evidence_id>/", files.own, name="file"),
    path("track/", tracking.form, name="track"),
    path("track/<str:token>/", tracking.link, name="tracked"),
    path("track/<str:token>/rating/", rating.tracked, name="tracked-rating"),
    path("rating/details/", rating.details, name="rating-details"),
    path("rating/thanks/", rating.thanks, name="rating-thanks"),
]
