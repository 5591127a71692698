"""An upload that no record took is erased after a day; one that was kept stays."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from pendopo.documents import api
from pendopo.documents.actions import store
from pendopo.documents.models import Content, StoredFile
from pendopo.documents.tests.test_cleaning import picture
from pendopo.foundation.clock import now

pytestmark = pytest.mark.django_db
LATER = store.UNKEPT + dt.timedelta(minutes=1)


def _upload() -> api.StoredFile:
    return api.store_upload(picture(), "surat.jpg", owner_subject_id=uuid4(), purpose="evidence:letter")


def test_an_upload_whose_page_was_never_saved_goes_with_its_content() -> None:
    _upload()
    assert store.erase_unkept() == 0, "not before its day is over"
    with time_machine.travel(now() + LATER):
        assert store.erase_unkept() == 1
    assert (StoredFile.objects.count(), Content.objects.count()) == (0, 0)


def test_an_upload_that_a_record_took_stays() -> None:
    file = _upload()
    api.keep_file(file.id)
    with time_machine.travel(now() + LATER):
        assert store.erase_unkept() == 0
    assert api.read_file(file.id)


def test_a_record_that_was_rolled_back_keeps_nothing() -> None:
    file = _upload()
    with transaction.atomic():
        api.keep_file(file.id)
        transaction.set_rollback(True)
    with time_machine.travel(now() + LATER):
        assert store.erase_unkept() == 1


def test_what_is_erased_cannot_be_kept_any_more() -> None:
    file = _upload()
    api.delete_file(file.id)
    with pytest.raises(api.FileNotFound):
        api.keep_file(file.id)


def test_files_from_before_the_rule_are_all_kept() -> None:
    file = _upload()
    StoredFile.objects.update(erase_at=None)
    with time_machine.travel(now() + dt.timedelta(days=400)):
        assert store.erase_unkept() == 0
    assert api.read_file(file.id)
