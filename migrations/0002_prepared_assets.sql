-- What was downloaded, or put there by an operator, and went into a prepared engine: shown with its hash.
ALTER TABLE engine_preparations ADD COLUMN assets jsonb NOT NULL DEFAULT '[]';
