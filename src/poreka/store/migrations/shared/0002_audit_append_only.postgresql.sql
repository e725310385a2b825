-- Append-only: the database itself refuses to change or remove what was recorded.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_lanes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_lanes
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
