"""Limits count over every window: the moments of the admitted attempts beside the old counter."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="ratecounter",
            name="attempts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateTimeField(), db_default=[], default=list, size=None
            ),
        ),
    ]
