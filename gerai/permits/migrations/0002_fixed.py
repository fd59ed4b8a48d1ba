"""What was decided never changes: the database refuses, whoever asks. States go only forwards; a permit may be suspended
and come back. What an official left unsigned may be decided anew by the one who signs now, under its number."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION permits_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a permit is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.id, OLD.mall_id, OLD.agency_id, OLD.service_id, OLD.edition_id, OLD.application_id, OLD.holder_id,
        OLD.kind, OLD.number, OLD.secret, OLD.replaces_id, OLD.lat, OLD.lon)
       IS DISTINCT FROM
       (NEW.id, NEW.mall_id, NEW.agency_id, NEW.service_id, NEW.edition_id, NEW.application_id, NEW.holder_id,
        NEW.kind, NEW.number, NEW.secret, NEW.replaces_id, NEW.lat, NEW.lon) THEN
        RAISE EXCEPTION 'what permit % says was decided and never changes', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Who decided, when, and the words that say so: final, but for an unsigned one that another official takes over.
    IF (OLD.content, OLD.content_sealed, OLD.decided_by_id, OLD.decided_name, OLD.decided_title, OLD.decided_at,
        OLD.valid_from, OLD.valid_until)
       IS DISTINCT FROM
       (NEW.content, NEW.content_sealed, NEW.decided_by_id, NEW.decided_name, NEW.decided_title, NEW.decided_at,
        NEW.valid_from, NEW.valid_until)
       AND (OLD.status, NEW.status, OLD.decided_by_id <> NEW.decided_by_id)
       IS DISTINCT FROM ('signing'::varchar, 'signing'::varchar, true) THEN
        RAISE EXCEPTION 'what permit % says was decided and never changes', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> OLD.status
       AND (OLD.status, NEW.status) NOT IN (('signing', 'valid'), ('valid', 'suspended'), ('suspended', 'valid'),
                                              ('valid', 'revoked'), ('suspended', 'revoked'), ('valid', 'replaced')) THEN
        RAISE EXCEPTION 'permit % cannot go from % to %', OLD.number, OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status <> 'signing'
       AND (OLD.document_id, OLD.signed_at, OLD.certified)
       IS DISTINCT FROM (NEW.document_id, NEW.signed_at, NEW.certified) THEN
        RAISE EXCEPTION 'permit % is signed, its file is final', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.handed_over_at IS NOT NULL
        AND (OLD.handed_over_at, OLD.receiver, OLD.proof)
        IS DISTINCT FROM (NEW.handed_over_at, NEW.receiver, NEW.proof))
       OR (OLD.revoked_at IS NOT NULL
        AND (OLD.revoked_at, OLD.revoke_reason) IS DISTINCT FROM (NEW.revoked_at, NEW.revoke_reason))
       OR (OLD.replaced_at IS NOT NULL AND OLD.replaced_at IS DISTINCT FROM NEW.replaced_at) THEN
        RAISE EXCEPTION 'what happened to permit % is written once', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER permits_permit_fixed BEFORE UPDATE OR DELETE ON permits_permit
    FOR EACH ROW EXECUTE FUNCTION permits_refuse();
CREATE FUNCTION permits_suspension_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a suspension is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.id, OLD.permit_id, OLD.reason, OLD.ground, OLD.suspended_by_id, OLD.suspended_at)
       IS DISTINCT FROM
       (NEW.id, NEW.permit_id, NEW.reason, NEW.ground, NEW.suspended_by_id, NEW.suspended_at)
       OR (OLD.lifted_at IS NOT NULL
        AND (OLD.lift_reason, OLD.lift_ground, OLD.lifted_by_id, OLD.lifted_at)
        IS DISTINCT FROM (NEW.lift_reason, NEW.lift_ground, NEW.lifted_by_id, NEW.lifted_at)) THEN
        RAISE EXCEPTION 'what is written of suspension % never changes', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER permits_suspension_fixed BEFORE UPDATE OR DELETE ON permits_suspension
    FOR EACH ROW EXECUTE FUNCTION permits_suspension_refuse();
CREATE FUNCTION permits_place_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the place of permit % in its status list never changes', OLD.permit_id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER permits_place_fixed BEFORE UPDATE OR DELETE ON permits_statusplace
    FOR EACH ROW EXECUTE FUNCTION permits_place_refuse();
"""
BACKWARD = """
DROP TRIGGER permits_permit_fixed ON permits_permit;
DROP FUNCTION permits_refuse();
DROP TRIGGER permits_suspension_fixed ON permits_suspension;
DROP FUNCTION permits_suspension_refuse();
DROP TRIGGER permits_place_fixed ON permits_statusplace;
DROP FUNCTION permits_place_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("permits", "0001_tables")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
