"""Tables of maturity. Answers, readings, comments and steps are only added, never changed.

There is no foreign key to another room: agencies, units, posts, people and files are plain UUIDs.
"""

from pendopo.maturity.models.answers import Answer, Comment, Item
from pendopo.maturity.models.countries import CountryScore
from pendopo.maturity.models.cycles import Assessment, Cycle, CycleStep, InstrumentText
from pendopo.maturity.models.evidence import Evidence, LiveReading
from pendopo.maturity.models.results import PublishedResult, ResultImport
from pendopo.maturity.models.surveys import SurveyAnswer, SurveyImport

__all__ = (
    "Answer",
    "Assessment",
    "Comment",
    "CountryScore",
    "Cycle",
    "CycleStep",
    "Evidence",
    "InstrumentText",
    "Item",
    "LiveReading",
    "PublishedResult",
    "ResultImport",
    "SurveyAnswer",
    "SurveyImport",
)
