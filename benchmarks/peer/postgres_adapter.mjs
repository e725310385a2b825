/*
 * A plain PostgreSQL store for `oidc-provider`: one table, the payload as JSONB, one prepared statement per
 * call, a small pool. Nothing clever and nothing slow: the adapter a careful team would write in a day.
 * Durability is the server's default. Rows past their time are left for a cleaner that runs elsewhere.
 */
import pg from 'pg';

const TABLE = `
  CREATE TABLE IF NOT EXISTS oidc_payload (
    model text NOT NULL,
    id text NOT NULL,
    payload jsonb NOT NULL,
    grant_id text,
    user_code text,
    uid text,
    expires_at timestamptz,
    consumed_at timestamptz,
    PRIMARY KEY (model, id)
  );
  CREATE INDEX IF NOT EXISTS oidc_payload_grant ON oidc_payload (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS oidc_payload_user_code ON oidc_payload (user_code) WHERE user_code IS NOT NULL;
  CREATE INDEX IF NOT EXISTS oidc_payload_uid ON oidc_payload (uid) WHERE uid IS NOT NULL;`;

const FOUND = `SELECT payload, extract(epoch FROM consumed_at)::bigint AS consumed FROM oidc_payload
  WHERE model = $1 AND %KEY% = $2 AND (expires_at IS NULL OR expires_at > now())`;

const STATEMENTS = {
  upsert: `INSERT INTO oidc_payload (model, id, payload, grant_id, user_code, uid, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 second')
    ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
      user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`,
  find: FOUND.replace('%KEY%', 'id'),
  findByUid: FOUND.replace('%KEY%', 'uid'),
  findByUserCode: FOUND.replace('%KEY%', 'user_code'),
  consume: 'UPDATE oidc_payload SET consumed_at = now() WHERE model = $1 AND id = $2',
  destroy: 'DELETE FROM oidc_payload WHERE model = $1 AND id = $2',
  revokeByGrantId: 'DELETE FROM oidc_payload WHERE grant_id = $1',
};

export async function postgresAdapter(connectionString, connections) {
  const pool = new pg.Pool({ connectionString, max: connections });
  await pool.query(TABLE);
  const run = (name, values) => pool.query({ name, text: STATEMENTS[name], values });

  return class PostgresAdapter {
    constructor(model) {
      this.model = model;
    }

    async upsert(id, payload, expiresIn) {
      const { grantId = null, userCode = null, uid = null } = payload;
      await run('upsert', [this.model, id, payload, grantId, userCode, uid, expiresIn ?? null]);
    }

    async #found(name, key) {
      const { rows: [row] } = await run(name, [this.model, key]);
      if (!row) return undefined;
      return row.consumed === null ? row.payload : { ...row.payload, consumed: Number(row.consumed) };
    }

    find(id) {
      return this.#found('find', id);
    }

    findByUid(uid) {
      return this.#found('findByUid', uid);
    }

    findByUserCode(userCode) {
      return this.#found('findByUserCode', userCode);
    }

    async consume(id) {
      await run('consume', [this.model, id]);
    }

    async destroy(id) {
      await run('destroy', [this.model, id]);
    }

    async revokeByGrantId(grantId) {
      await run('revokeByGrantId', [grantId]);
    }
  };
}
