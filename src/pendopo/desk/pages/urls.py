"""Addresses of the desk."""

from django.urls import path

from pendopo.desk.pages import actions, case, corrections, home

app_name = "desk"

CASE = "desk/cases/<uuid:case_id>/"

urlpatterns = [
    path("desk/", home.home, name="home"),
    path("desk/search/", home.search, name="search"),
    path(CASE, case.case, name="case"),
    path(CASE + "files/<uuid:evidence_id>/", case.file, name="file"),
    path(CASE + "take/", actions.take, name="take"),
    path(CASE + "return/", actions.give_back, name="return"),
    path(CASE + "approve/", actions.approve, name="approve"),
    path(CASE + "refuse/", actions.refuse, name="refuse"),
    path(CASE + "retry/", actions.retry, name="retry"),
    path(CASE + "correct/<int:child>/", corrections.request_one, name="correct"),
    path(CASE + "corrections/<uuid:correction_id>/approve/", corrections.approve, name="approve-correction"),
    path(CASE + "corrections/<uuid:correction_id>/refuse/", corrections.refuse, name="refuse-correction"),
]
