/** Replies kept for repeated requests, and small facts by key. */
import type { Idempotency, KeyValue } from '../../src/ports/records.ts';
import { build, type Statements, slot } from './statements.ts';

export const idempotencyTable = ({ run, one }: Statements): Idempotency => {
  const get = one(
    build
      .selectFrom('idempotency')
      .select(['key', 'token', 'request', 'body_hash as bodyHash', 'status', 'reply', 'at'])
      .where('key', '=', slot('key'))
      .where('token', '=', slot('token')),
  );
  const values = {
    request: slot<string>('request'),
    body_hash: slot<string>('bodyHash'),
    status: slot<number>('status'),
    reply: slot<string>('reply'),
    at: slot<number>('at'),
  };
  // A key that was used long ago may still have its row, until the next pruning.
  const put = run(
    build
      .insertInto('idempotency')
      .values({ key: slot('key'), token: slot('token'), ...values })
      .onConflict((conflict) => conflict.columns(['key', 'token']).doUpdateSet(values)),
  );
  const prune = run(build.deleteFrom('idempotency').where('at', '<', slot('before')));
  return {
    get: (key, token) => get({ key, token }),
    put: (reply) => void put(reply),
    prune: (before) => prune({ before }).changes,
  };
};

export const kvTable = ({ run, one, all }: Statements): KeyValue => {
  const get = one(build.selectFrom('kv').select('value').where('key', '=', slot('key')));
  const set = run(
    build
      .insertInto('kv')
      .values({ key: slot('key'), value: slot('value') })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: slot('value') })),
  );
  const remove = run(build.deleteFrom('kv').where('key', '=', slot('key')));
  const list = all(
    build.selectFrom('kv').select(['key', 'value']).where('key', '>=', slot('from')).where('key', '<', slot('to')).orderBy('key'),
  );
  return {
    get: (key) => {
      const row = get({ key });
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    set: (key, value) => void set({ key, value: JSON.stringify(value) }),
    remove: (key) => void remove({ key }),
    list: (prefix) =>
      list({ from: prefix, to: `${prefix}\u{10ffff}` }).map(({ key, value }) => ({ key, value: JSON.parse(value) as unknown })),
  };
};
