"""Tables of the population register.

NIK, names, contact data, streets and family-card numbers are sealed (AES-256-GCM bound to table, column and
row) and found by blind index. Dates, sex, places and civil status stand open, because rules work on them;
they name nobody by themselves. Nothing here is ever deleted: a wrong entry is corrected by a new version.
"""

from typing import ClassVar, override

from django.db import models

from pendopo.foundation.models import Record


class Region(models.Model):
    """Province, regency, district or village, by dotted Ministry of Home Affairs code (data: ODbL)."""

    code = models.CharField(max_length=13, primary_key=True)
    name = models.CharField(max_length=120)

    @override
    def __str__(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}"


class Person(Record):
    """A resident. ``birth_place`` is text as documents print it, ``birth_place_code`` its regency."""

    nik_index = models.BinaryField(max_length=32, unique=True)
    nik = models.BinaryField()
    name = models.BinaryField()
    sex = models.CharField(max_length=6)
    birth_date = models.DateField()
    birth_place = models.CharField(max_length=120)
    birth_place_code = models.CharField(max_length=5)
    died_on = models.DateField(null=True)
    marital_status = models.CharField(max_length=20)
    citizenship = models.CharField(max_length=3, default="WNI")
    religion = models.CharField(max_length=20)
    occupation = models.CharField(max_length=60)
    contact = models.BinaryField(null=True)
    father = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    mother = models.ForeignKey("self", models.PROTECT, null=True, related_name="children_of_mother")
    parent_names = models.BinaryField()

    class Meta(Record.Meta):
        """A day of birth narrows a search for duplicates."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["mother", "birth_date"], name="registers_person_by_mother")]


class Family(Record):
    """A family with its card (KK). Today's lines are ``FamilyLine``; earlier cards are ``FamilyCard``."""

    number_index = models.BinaryField(max_length=32, unique=True)
    number = models.BinaryField()
    street = models.BinaryField()
    rt = models.CharField(max_length=3)
    rw = models.CharField(max_length=3)
    village_code = models.CharField(max_length=13)
    version = models.PositiveIntegerField(default=1)
    issued_on = models.DateField()


class FamilyLine(Record):
    """One person on one family card; a person stands on one card at a time."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="lines")
    person = models.OneToOneField(Person, models.PROTECT, related_name="line")
    number = models.PositiveSmallIntegerField()
    relation = models.CharField(max_length=20)

    class Meta(Record.Meta):
        """Lines are numbered within the card; there is one head."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "number"], name="registers_line_number"),
            models.UniqueConstraint(
                fields=["family"], condition=models.Q(relation="head"), name="registers_one_head"
            ),
        ]


class FamilyCard(Record):
    """One issued version of a family card. ``content`` is the sealed card as it was, lines and all."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="cards")
    version = models.PositiveIntegerField()
    issued_on = models.DateField()
    cause = models.CharField(max_length=40)
    content = models.BinaryField()

    class Meta(Record.Meta):
        """Versions count up."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "version"], name="registers_card_version"),
        ]


class Marriage(Record):
    """A recorded marriage. A spouse whom the register does not know stands by name only."""

    husband = models.ForeignKey(Person, models.PROTECT, null=True, related_name="marriages_as_husband")
    wife = models.ForeignKey(Person, models.PROTECT, null=True, related_name="marriages_as_wife")
    husband_name = models.BinaryField()
    wife_name = models.BinaryField()
    married_on = models.DateField()
    ended_on = models.DateField(null=True)
    certificate = models.BinaryField()
    recorded_by = models.CharField(max_length=20)

    class Meta(Record.Meta):
        """Nobody has two wives or husbands in this register at one time (the demo keeps to monogamy)."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wife"], condition=models.Q(ended_on=None), name="registers_one_standing_husband"
            ),
        ]


class Birth(Record):
    """The event of a birth that a command entered, with the number of its certificate."""

    child = models.OneToOneField(Person, models.PROTECT, related_name="birth")
    mother = models.ForeignKey(Person, models.PROTECT, related_name="births")
    father = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+")
    father_stated_name = models.BinaryField(null=True)
    marriage_proof = models.CharField(max_length=10)
    birth_time = models.TimeField(null=True)
    place_kind = models.CharField(max_length=20)
    attendant = models.CharField(max_length=20)
    birth_order = models.PositiveSmallIntegerField()
    delivery_order = models.PositiveSmallIntegerField()
    delivery_count = models.PositiveSmallIntegerField()
    weight_grams = models.PositiveIntegerField(null=True)
    length_millimetres = models.PositiveIntegerField(null=True)
    certificate = models.CharField(max_length=40, unique=True)
    certificate_version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()
    case_number = models.CharField(max_length=60)

    class Meta(Record.Meta):
        """The last line of defence against one child entered twice."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mother", "birth_order"], name="registers_birth_order"),
        ]


class CertificateIssue(Record):
    """One issue of a birth certificate. ``content`` is the sealed text of that issue."""

    birth = models.ForeignKey(Birth, models.PROTECT, related_name="issues")
    version = models.PositiveIntegerField()
    issued_on = models.DateField()
    case_number = models.CharField(max_length=60)
    content = models.BinaryField()

    class Meta(Record.Meta):
        """Issues count up."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["birth", "version"], name="registers_issue_version"),
        ]


class Command(Record):
    """A command that was answered, so that the same key gets the same answer for ever.

    ``body_index`` is a keyed digest of the body, because a body holds personal data; ``answer`` is sealed.
    """

    client = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    body_index = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    answer = models.BinaryField()
    subjects = models.JSONField(default=list)

    class Meta(Record.Meta):
        """A key belongs to the client that chose it."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="registers_command_key"),
        ]


class Counter(models.Model):
    """Last number given in a series: the NIK serials of a day, the certificates of a day."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField()

    @override
    def __str__(self) -> str:
        """Series and number."""
        return f"{self.series}: {self.last}"


class Seeding(Record):
    """Which synthetic population was loaded; empty in a register of real people."""

    seed = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
