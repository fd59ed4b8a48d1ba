"""A note is written once and struck once; what an outside system decided is corrected by a further row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reviews_note_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.struck_at IS NULL
       AND (OLD.id, OLD.case_id, OLD.agency_id, OLD.author_id, OLD.written_at, OLD.for_route, OLD.text_sealed)
       IS NOT DISTINCT FROM
       (NEW.id, NEW.case_id, NEW.agency_id, NEW.author_id, NEW.written_at, NEW.for_route, NEW.text_sealed) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a note is written once and struck once' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER reviews_note_fixed BEFORE UPDATE OR DELETE ON reviews_note
    FOR EACH ROW EXECUTE FUNCTION reviews_note_refuse();
CREATE FUNCTION reviews_outside_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what an outside system decided is corrected by a further row'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER reviews_outsideresult_fixed BEFORE UPDATE OR DELETE ON reviews_outsideresult
    FOR EACH ROW EXECUTE FUNCTION reviews_outside_refuse();
"""
BACKWARD = """
DROP TRIGGER reviews_note_fixed ON reviews_note;
DROP FUNCTION reviews_note_refuse();
DROP TRIGGER reviews_outsideresult_fixed ON reviews_outsideresult;
DROP FUNCTION reviews_outside_refuse();
"""


class Migration(migrations.Migration):
    replaces = [("reviews", "0009_together")]
    dependencies = [("reviews", "0001_tables")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
