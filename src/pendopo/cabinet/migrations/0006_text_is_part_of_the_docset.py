"""How often a dossier's own words changed: part of what answers and positions stand on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cabinet", "0005_answers_on_papers"),
    ]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="text_version",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
