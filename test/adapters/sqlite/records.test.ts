/** The plain tables. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SqliteStore } from '../../../adapters/sqlite/index.ts';
import type { Project, Token } from '../../../src/ports/store.ts';
import { type TempStore, tempStore } from '../../support/temp-store.ts';

let temp: TempStore;
let store: SqliteStore;
beforeEach(() => {
  temp = tempStore();
  store = temp.open();
});
afterEach(() => temp.remove());

const project: Project = { id: 'p1', name: 'one', path: '/one', agent: 'demo', trusted: true, createdAt: 1, removedAt: null };
const conflict = expect.objectContaining({ code: 'CCM_CONFLICT' });

describe('projects', () => {
  test('are found by id, name and path', () => {
    store.projects.add(project);
    for (const found of [store.projects.get('p1'), store.projects.byName('one'), store.projects.byPath('/one')])
      expect(found).toEqual(project);
    expect(store.projects.get('p2')).toBeUndefined();
  });
  test('name and path are taken once, and free again after removal', () => {
    store.projects.add(project);
    expect(() => store.projects.add({ ...project, id: 'p2', path: '/two' })).toThrow(conflict);
    expect(() => store.projects.add({ ...project, id: 'p2', name: 'two' })).toThrow(conflict);
    store.projects.update('p1', { removedAt: 9 });
    store.projects.add({ ...project, id: 'p2' });
    expect(store.projects.list().map((row) => row.id)).toEqual(['p2']);
    expect(store.projects.list({ removed: true })).toHaveLength(2);
    expect(store.projects.byName('one')?.id).toBe('p2');
  });
  test('a change keeps the rest, and may not take another one’s name', () => {
    store.projects.add(project);
    store.projects.add({ ...project, id: 'p2', name: 'two', path: '/two' });
    store.projects.update('p2', { trusted: false, agent: null });
    expect(store.projects.get('p2')).toEqual({ ...project, id: 'p2', name: 'two', path: '/two', trusted: false, agent: null });
    expect(() => store.projects.update('p2', { name: 'one' })).toThrow(conflict);
    expect(() => store.projects.update('p9', { name: 'x' })).toThrow(expect.objectContaining({ code: 'CCM_NOT_FOUND' }));
  });
});

describe('tokens', () => {
  const token: Token = {
    id: 't1',
    name: 'laptop',
    hash: 'h1',
    scopes: ['read', 'write'],
    kind: 'cli',
    createdAt: 1,
    lastUsedAt: null,
    expiresAt: null,
    revokedAt: null,
  };
  test('are found by hash, marked when used, revoked once', () => {
    store.tokens.add(token);
    store.tokens.used('t1', 5);
    store.tokens.revoke('t1', 6);
    store.tokens.revoke('t1', 7);
    expect(store.tokens.byHash('h1')).toEqual({ ...token, lastUsedAt: 5, revokedAt: 6 });
    expect(store.tokens.byHash('h2')).toBeUndefined();
  });
  test('ended ones are pruned, living ones stay', () => {
    store.tokens.add(token);
    store.tokens.add({ ...token, id: 't2', hash: 'h2', expiresAt: 10 });
    store.tokens.add({ ...token, id: 't3', hash: 'h3', revokedAt: 10 });
    expect(store.tokens.prune(10)).toBe(0);
    expect(store.tokens.prune(11)).toBe(2);
    expect(store.tokens.list().map((row) => row.id)).toEqual(['t1']);
  });
});

test('replies to repeated requests are kept per token, and pruned', () => {
  const reply = { key: 'k', token: 't1', request: 'POST /x', bodyHash: 'b', status: 201, reply: '{}', at: 5 };
  store.idempotency.put(reply);
  store.idempotency.put({ ...reply, token: 't2', status: 202 });
  expect(store.idempotency.get('k', 't1')).toEqual(reply);
  expect(store.idempotency.get('k', 't2')?.status).toBe(202);
  // A key is free again after a day, before its row is pruned: the later answer replaces it.
  store.idempotency.put({ ...reply, status: 409 });
  expect(store.idempotency.get('k', 't1')?.status).toBe(409);
  expect(store.idempotency.prune(6)).toBe(2);
  expect(store.idempotency.get('k', 't1')).toBeUndefined();
});

test('small facts keep their JSON, and are listed by the beginning of their key', () => {
  store.kv.set('spool/a', { offset: 1 });
  store.kv.set('spool/b', null);
  store.kv.set('spools', 1);
  store.kv.set('spool/a', { offset: 2 });
  expect(store.kv.list('spool/')).toEqual([
    { key: 'spool/a', value: { offset: 2 } },
    { key: 'spool/b', value: null },
  ]);
  store.kv.remove('spool/a');
  expect(store.kv.get('spool/a')).toBeUndefined();
});

describe('transactions', () => {
  test('commit undoes everything when its work throws; attempt undoes only its own', () => {
    expect(() =>
      store.commit(() => {
        store.kv.set('a', 1);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.kv.get('a')).toBeUndefined();
    store.commit(() => {
      store.kv.set('a', 1);
      expect(() =>
        store.attempt(() => {
          store.kv.set('b', 1);
          throw new Error('no');
        }),
      ).toThrow('no');
      store.attempt(() => store.attempt(() => store.kv.set('c', 1)));
    });
    expect(['a', 'b', 'c'].map((key) => store.kv.get(key))).toEqual([1, undefined, 1]);
  });
});
