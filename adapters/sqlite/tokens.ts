/** Who may call us: hashes only. */
import { z } from 'zod';
import type { Token, Tokens } from '../../src/ports/records.ts';
import { build, type Statements, slot } from './statements.ts';

const scopes = z.array(z.string());

export const tokensTable = ({ run, one, all }: Statements): Tokens => {
  const rows = build
    .selectFrom('tokens')
    .select([
      'id',
      'name',
      'hash',
      'scopes',
      'kind',
      'created_at as createdAt',
      'last_used_at as lastUsedAt',
      'expires_at as expiresAt',
      'revoked_at as revokedAt',
    ]);
  const add = run(
    build.insertInto('tokens').values({
      id: slot('id'),
      name: slot('name'),
      hash: slot('hash'),
      scopes: slot('scopes'),
      kind: slot('kind'),
      created_at: slot('createdAt'),
      last_used_at: slot('lastUsedAt'),
      expires_at: slot('expiresAt'),
      revoked_at: slot('revokedAt'),
    }),
  );
  const get = one(rows.where('id', '=', slot('id')));
  const byHash = one(rows.where('hash', '=', slot('hash')));
  const list = all(rows.orderBy('created_at').orderBy('id'));
  const used = run(
    build
      .updateTable('tokens')
      .set({ last_used_at: slot('at') })
      .where('id', '=', slot('id')),
  );
  const revoke = run(
    build
      .updateTable('tokens')
      .set({ revoked_at: slot('at') })
      .where('id', '=', slot('id'))
      .where('revoked_at', 'is', null),
  );
  const prune = run(
    build.deleteFrom('tokens').where((eb) => eb.or([eb('expires_at', '<', slot('before')), eb('revoked_at', '<', slot('before'))])),
  );
  const token = (row: Omit<Token, 'scopes'> & { scopes: string }): Token => ({ ...row, scopes: scopes.parse(JSON.parse(row.scopes)) });
  return {
    add: (row) => void add({ ...row, scopes: JSON.stringify(row.scopes) }),
    get: (id) => {
      const row = get({ id });
      return row && token(row);
    },
    byHash: (hash) => {
      const row = byHash({ hash });
      return row && token(row);
    },
    list: () => list({}).map(token),
    used: (id, at) => void used({ id, at }),
    revoke: (id, at) => void revoke({ id, at }),
    prune: (before) => prune({ before }).changes,
  };
};
