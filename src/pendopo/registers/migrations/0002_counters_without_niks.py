"""Rename the series of NIKs to their keyed index, so that counting goes on where it stood."""

import re
from typing import TYPE_CHECKING

from django.db import migrations

from pendopo.registers import vault

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

IN_THE_CLEAR = re.compile(r"nik:([0-9]{12})")


def rename(apps: "Apps", _editor: "BaseDatabaseSchemaEditor") -> None:
    """A series that both names have goes on after the higher number."""
    counter = apps.get_model("registers", "Counter")
    for row in list(counter.objects.filter(series__startswith="nik:")):
        found = IN_THE_CLEAR.fullmatch(row.series)
        if found is None:
            continue
        series = "nik:" + vault.series_index(found[1])
        other = counter.objects.filter(series=series).first()
        last = max(row.last, other.last if other else 0)
        counter.objects.update_or_create(series=series, defaults={"last": last})
        row.delete()


class Migration(migrations.Migration):
    dependencies = (("registers", "0001_initial"),)
    operations = (migrations.RunPython(rename, migrations.RunPython.noop),)
