"""An answer in coordination names the papers that it was given on; until now, those that were asked about."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def name_the_papers_asked_about(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    request = apps.get_model("cabinet", "CoordinationRequest")
    rounds = apps.get_model("cabinet", "CoordinationRound").objects.filter(id=OuterRef("round_id"))
    answered = request.objects.exclude(response="")
    answered.update(docset_hash=Subquery(rounds.values("docset_hash")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("cabinet", "0004_publication_english_and_dossier_close"),
    ]

    operations = [
        migrations.AddField(
            model_name="coordinationrequest",
            name="docset_hash",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.RunPython(name_the_papers_asked_about, migrations.RunPython.noop),
    ]
