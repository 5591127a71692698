"""Addresses of assessments, for officers."""

from django.urls import path

from pendopo.maturity.pages import assessment, cycles, indicator

CYCLE = "desk/maturity/cycles/<uuid:cycle_id>/"
ASSESSMENT = "desk/maturity/assessments/<uuid:assessment_id>/"
INDICATOR = "desk/maturity/indicators/<uuid:item_id>/"
EVIDENCE = "desk/maturity/evidence/<uuid:piece_id>/"

patterns = [
    path("desk/maturity/", cycles.home, name="home"),
    path("desk/maturity/cycles/new/", cycles.new, name="cycle-new"),
    path(CYCLE, cycles.cycle, name="cycle"),
    path(CYCLE + "move/", cycles.move, name="cycle-move"),
    path(CYCLE + "ask-to-close/", cycles.ask_to_close, name="cycle-ask"),
    path(CYCLE + "take-back/", cycles.take_back, name="cycle-take-back"),
    path(CYCLE + "close/", cycles.close, name="cycle-close"),
    path(ASSESSMENT, assessment.assessment, name="assessment"),
    path(ASSESSMENT + "give/", assessment.give, name="give"),
    path(ASSESSMENT + "read/", assessment.read_all, name="read-all"),
    path(ASSESSMENT + "compare/", assessment.compare, name="compare"),
    path(INDICATOR, indicator.indicator, name="indicator"),
    path(INDICATOR + "answer/", indicator.answer, name="answer"),
    path(INDICATOR + "remark/", indicator.remark, name="remark"),
    path(INDICATOR + "evidence/", indicator.add, name="evidence"),
    path(INDICATOR + "read/", indicator.read, name="read"),
    path(EVIDENCE + "read/", indicator.read_again, name="read-again"),
    path(EVIDENCE + "remove/", indicator.remove, name="remove"),
    path(EVIDENCE + "file/", indicator.file, name="file"),
]
