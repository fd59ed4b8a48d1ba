"""What Django cannot say: the transaction of an entry, and that history never changes. TRUNCATE is withheld by
privilege: the role of web and worker does not have it."""

from django.db import migrations

FORWARD = """
ALTER TABLE ledger_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX entry_xid ON ledger_entry (xid);
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_entry_fixed BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_position_fixed BEFORE UPDATE OR DELETE ON ledger_position
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_seal_fixed BEFORE UPDATE OR DELETE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
"""
BACKWARD = """
DROP TRIGGER ledger_entry_fixed ON ledger_entry;
DROP TRIGGER ledger_position_fixed ON ledger_position;
DROP TRIGGER ledger_seal_fixed ON ledger_seal;
DROP FUNCTION ledger_refuse();
ALTER TABLE ledger_entry DROP COLUMN xid;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
