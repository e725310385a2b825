-- A tool that was blocked by a password alone comes back by its own right answer; one that the hotline blocked does not.
ALTER TABLE held_tools ADD COLUMN undoable BOOLEAN NOT NULL DEFAULT FALSE;
