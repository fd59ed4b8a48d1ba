"""An edition never changes: the database lets it only be superseded, once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION catalogue_edition_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (to_jsonb(NEW) - 'status') = (to_jsonb(OLD) - 'status')
        AND (NEW.status = OLD.status OR (OLD.status = 'published' AND NEW.status = 'superseded'))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an edition never changes: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER catalogue_edition_frozen BEFORE UPDATE OR DELETE ON catalogue_edition
    FOR EACH ROW EXECUTE FUNCTION catalogue_edition_frozen();
"""
BACKWARD = """
DROP TRIGGER catalogue_edition_frozen ON catalogue_edition;
DROP FUNCTION catalogue_edition_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_tables")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
