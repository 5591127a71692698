"""Uploads that no record holds on to are erased after a while; files from before are all held."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0002_time_stamps"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="erase_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("erase_at__isnull", False)), fields=["erase_at"], name="documents_unkept"
            ),
        ),
    ]
