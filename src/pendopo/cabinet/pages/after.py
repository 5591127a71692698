"""Addresses of what follows and surrounds a session."""

from django.urls import path

from pendopo.cabinet.pages import board, closing, decisions, minutes, recounts, tasks

MINUTES = "cabinet/sessions/<uuid:session_id>/minutes/"
VOTE = "cabinet/items/<uuid:item_id>/votes/<uuid:poll_id>/"
DECISION = "cabinet/items/<uuid:item_id>/decision/"

patterns = [
    path(MINUTES, minutes.minutes, name="minutes"),
    path(MINUTES + "revise/", minutes.revise, name="minutes-revise"),
    path(MINUTES + "approve/", minutes.approve, name="minutes-approve"),
    path(MINUTES + "sign/", minutes.sign, name="minutes-sign"),
    path(MINUTES + "risalah.pdf", minutes.pdf, name="minutes-pdf"),
    path("cabinet/sessions/<uuid:session_id>/export/<slug:form>/", minutes.export, name="export"),
    path("cabinet/register/", decisions.register, name="register"),
    path(DECISION, decisions.decision, name="decision"),
    path(DECISION + "direct/", decisions.direct, name="direct"),
    path(DECISION + "publish/", decisions.publish, name="publish"),
    path(DECISION + "act.xml", decisions.act_xml, name="decision-xml"),
    path(VOTE, recounts.recount, name="recount"),
    path(VOTE + "recount.json", recounts.recount_file, name="recount-file"),
    path("cabinet/decisions/", decisions.published, name="published"),
    path("cabinet/decisions.json", decisions.published_json, name="published-json"),
    path("cabinet/decisions.rss", decisions.published_rss, name="published-rss"),
    path("cabinet/decisions/<uuid:publication_id>/", decisions.one_published, name="published-one"),
    path("cabinet/follow-up/", tasks.board, name="follow"),
    path("cabinet/tasks/<uuid:task_id>/", tasks.task, name="task"),
    path("cabinet/tasks/<uuid:task_id>/close/", tasks.close, name="task-close"),
    path("cabinet/dossiers/<uuid:dossier_id>/close/", closing.close, name="close"),
    path("cabinet/outlook/", board.outlook, name="outlook"),
    path("cabinet/measure/", board.measure, name="measure"),
    path("cabinet/simulation/", board.simulate, name="simulation"),
    path("cabinet/calendar/", board.calendar, name="calendar"),
    path("cabinet/calendar/<str:token>.ics", board.feed, name="calendar-feed"),
]
