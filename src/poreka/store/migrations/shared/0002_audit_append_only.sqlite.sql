-- Append-only: the database itself refuses to change or remove what was recorded.
CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entries_as_written BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_lanes_stay BEFORE DELETE ON audit_lanes BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_lanes_as_written BEFORE UPDATE ON audit_lanes BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
