"""Tables of a Gerai too old for the steps that are kept: said in a sentence, nothing changed."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gerai.config import tables

pytestmark = pytest.mark.django_db
LAST = ("visits", "0009_call_by_text")


def test_what_was_made_whole_or_not_at_all_goes_on():
    loader = MigrationLoader(connection)
    assert tables.half_way(loader) == []
    for step in list(loader.applied_migrations):
        if step[0] == "visits":
            del loader.applied_migrations[step]
    assert tables.half_way(loader) == []
    tables.migrate()


def test_what_was_left_half_way_is_refused_with_the_version_to_run_first():
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*LAST)
    done = set(recorder.applied_migrations())

    with pytest.raises(tables.TooOld, match=rf"visits.*{tables.FOLDED}"):
        tables.migrate()

    assert set(recorder.applied_migrations()) == done
