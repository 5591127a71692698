"""Addresses of what is done before a session."""

from django.urls import path

from pendopo.cabinet.pages import coordination, dossiers, papers, planning

DOSSIER = "cabinet/dossiers/<uuid:dossier_id>/"
PAPER = DOSSIER + "papers/<uuid:paper_id>/"
COORDINATION = DOSSIER + "coordination/"
POINT = COORDINATION + "points/<uuid:difference_id>/"
SESSION = "cabinet/sessions/<uuid:session_id>/"

patterns = [
    path("cabinet/dossiers/", dossiers.dossiers, name="dossiers"),
    path("cabinet/dossiers/new/", dossiers.new, name="dossier-new"),
    path(DOSSIER + "work/", dossiers.work, name="dossier-work"),
    path(DOSSIER + "edit/", dossiers.edit, name="dossier-edit"),
    path(DOSSIER + "submit/", dossiers.submit, name="dossier-submit"),
    path(DOSSIER + "withdraw/", dossiers.withdraw, name="dossier-withdraw"),
    path(DOSSIER + "return/", dossiers.give_back, name="dossier-return"),
    path(DOSSIER + "history/", dossiers.history, name="dossier-history"),
    path(DOSSIER + "papers/", papers.add, name="paper-add"),
    path(PAPER + "replace/", papers.replace, name="paper-replace"),
    path(PAPER + "remove/", papers.remove, name="paper-remove"),
    path(COORDINATION, coordination.board, name="coordination"),
    path(COORDINATION + "ask/", coordination.ask, name="coordination-ask"),
    path(COORDINATION + "close/", coordination.close, name="coordination-close"),
    path(POINT + "answer/", coordination.answer, name="point-answer"),
    path(POINT + "settle/", coordination.settle, name="point-settle"),
    path("cabinet/requests/<uuid:request_id>/", coordination.question, name="question"),
    path("cabinet/sessions/", planning.sessions, name="sessions"),
    path("cabinet/sessions/new/", planning.new, name="session-new"),
    path(SESSION + "plan/", planning.desk, name="plan"),
    path(SESSION + "plan/edit/", planning.edit, name="session-edit"),
    path(SESSION + "plan/reopen/", planning.reopen, name="reopen"),
    path(SESSION + "versions/", planning.versions, name="versions"),
]
