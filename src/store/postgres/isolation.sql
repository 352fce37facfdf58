-- Row-level security, brought up to date each time a database is opened: whatever a statement says, it touches only rows
-- of the institution that the connection was told ('*': looked up before the institution is known). Every table with a
-- column `institution` is covered, so that a new one can't be forgotten.
DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN
        SELECT columns.table_name FROM information_schema.columns
        JOIN information_schema.tables USING (table_schema, table_name)
        WHERE columns.table_schema = current_schema() AND columns.column_name = 'institution'
          AND tables.table_type = 'BASE TABLE' AND columns.table_name <> 'session'
    LOOP
        IF NOT (SELECT relforcerowsecurity FROM pg_class WHERE oid = format('%I', name)::regclass) THEN
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
            -- The owner too: where no second role may be made, the owner is who runs the statements.
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
            EXECUTE format(
                'CREATE POLICY of_institution ON %I
                 USING (institution = current_setting(''qism.institution'', TRUE)
                        OR current_setting(''qism.institution'', TRUE) = ''*'')', name);
        END IF;
    END LOOP;
    -- A role that owns nothing runs the statements; only who may make roles can make it, and another server may be
    -- making it at this moment. Each step by itself: one that fails takes only itself back.
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'qism_rows') THEN
            CREATE ROLE qism_rows NOLOGIN NOBYPASSRLS;
        END IF;
    EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
        NULL;
    END;
    BEGIN
        IF NOT pg_has_role(current_user, 'qism_rows', 'MEMBER') THEN
            EXECUTE format('GRANT qism_rows TO %I', current_user);
        END IF;
    EXCEPTION WHEN insufficient_privilege OR undefined_object OR unique_violation THEN
        -- This user may not: then the owner runs the statements.
        NULL;
    END;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'qism_rows') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO qism_rows', current_schema());
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO qism_rows',
                       current_schema());
    END IF;
END
$$;
