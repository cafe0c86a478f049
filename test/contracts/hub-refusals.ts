/** What the rules of the hub's SQL refuse, whoever asks, on a real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directHub } from '../support/hub/direct.ts';
import { codeOf, hubDesk, type Raw, report, type User, uuid } from './hub-desk.ts';

export const hubRefusals = (where: () => string) => {
  let hub: ReturnType<typeof directHub>;
  let desk: ReturnType<typeof hubDesk>;

  describe('what the rules refuse', () => {
    beforeAll(() => {
      hub = directHub(where());
      desk = hubDesk(hub);
    });
    afterAll(() => hub.close());

    test.each(['system', 'project', 'task', 'agent', 'ask', 'order'])('a %s whose columns do not fit', async (tbl) => {
      const who = await desk.newcomer();
      const id = tbl === 'system' ? who.system : uuid();
      for (const set of [{ name: 7 }, { title: 'x'.repeat(201) }, { priority: 'high' }])
        expect(await desk.push(who, { tbl, id, kind: 'set', set }), JSON.stringify(set).slice(0, 30)).toEqual(['rejected']);
    });

    test.each<[string, Raw]>([
      ['a column that is no name', { tbl: 'project', kind: 'set', set: { 'Bad Name': 1 } }],
      ['a table there is not', { tbl: 'nonsense', kind: 'set', set: {} }],
      ['no table at all', { tbl: null, kind: 'set', set: {} }],
      ['a kind there is not', { tbl: 'project', kind: 'frobnicate', set: { name: 'x' } }],
      ['columns that are a list', { tbl: 'project', kind: 'set', set: [] }],
      ['arguments that are a list', { tbl: 'project', kind: 'set', set: { name: 'x' }, arg: [] }],
      ['an operation over 64 KiB', { tbl: 'task', kind: 'set', set: { prompt: 'x'.repeat(66_000) } }],
      ['a report of a task there is not', report(uuid(), 1, 1, 'running')],
      ['a reassignment of a task there is not, to a machine there is', { tbl: 'task', kind: 'reassign' }],
      ['an offer to a machine there is not', { tbl: 'task', kind: 'offer', set: { title: 'x' }, arg: { target: uuid() } }],
    ])('%s', async (_what, op) => {
      const who = await desk.newcomer();
      const arg = op.kind === 'reassign' ? { arg: { target: who.system } } : {};
      expect(await desk.push(who, { ...op, ...arg })).toEqual(['rejected']);
    });

    test('a batch that is no list, or too long', async () => {
      const who = await desk.newcomer();
      const sent = (text: string) => desk.code('authenticated', desk.claims(who), `select public.ccm_push('${who.system}', null, ${text})`);
      expect(await sent('null')).toBe('22023');
      expect(await sent(`'{}'`)).toBe('22023');
      expect(await sent(`(select jsonb_agg('{}'::jsonb) from generate_series(1, 61))`)).toBe('54000');
    });

    test('machines that are not this user’s: nothing is given to them, claimed or said by them', async () => {
      const [who, other] = [await desk.newcomer(), await desk.newcomer()];
      const id = await desk.offered(who);
      expect(await desk.push(who, { tbl: 'task', id, kind: 'reassign', arg: { target: other.system } })).toEqual(['rejected']);
      for (const text of [`ccm_claim('${other.system}', 5)`, `ccm_heartbeat('${other.system}', '{}')`])
        expect(await desk.code('authenticated', desk.claims(who), `select public.${text}`), text).toBe('42501');
      expect(await desk.push({ ...who, system: other.system }, { tbl: 'project', kind: 'set', set: { name: 'x' } })).toEqual(['rejected']);
    });

    test('a report before the task was taken, of a state that is not its own to say, and of what lies behind', async () => {
      const who = await desk.newcomer();
      const id = await desk.offered(who);
      expect(await desk.push(who, report(id, 1, 1, 'running'))).toEqual(['rejected']);
      await desk.said(who, 'select public.ccm_claim($1, 5)', [who.system]);
      expect(await desk.push(who, report(id, 2, 1, 'expired'), report(id, 2, 1, 'offered'), report(id, 2, 1, 'nonsense'))).toEqual(
        Array.from({ length: 3 }, () => 'rejected'),
      );
      expect(await desk.push(who, report(id, 1, 1, 'running'), report(id, 2, 1, 'running'), report(id, 2, 1, 'claimed'))).toEqual([
        'rejected',
        'ok',
        'rejected',
      ]);
      expect(await desk.push(who, report(id, 2, 2, 'running'), report(id, 2, 1, 'ended'), report(id, 2, 2, 'ended'))).toEqual([
        'ok',
        'rejected',
        'ok',
      ]);
      expect(await desk.push(who, report(id, 2, 2, 'cancelled'), report(id, 2, 2, 'ended'))).toEqual(['rejected', 'ok']);
      expect(await desk.push(who, { tbl: 'task', id, kind: 'cancel' })).toEqual(['rejected']);
    });

    test('two decisions, and two last words', async () => {
      const who = await desk.newcomer();
      const [task, ask, order] = [uuid(), uuid(), uuid()];
      await desk.push(
        who,
        { tbl: 'task', id: task, kind: 'set', set: { title: 'x' } },
        { tbl: 'ask', id: ask, kind: 'set', set: { status: 'pending' } },
      );
      await desk.push(who, { tbl: 'order', id: order, kind: 'set', set: { task } });
      const decide = { tbl: 'ask', id: ask, kind: 'decide', arg: { verb: 'deny' } };
      const done = { tbl: 'order', id: order, kind: 'done', arg: { final: true } };
      expect(await desk.push(who, decide, decide, done, done)).toEqual(['ok', 'rejected', 'ok', 'rejected']);
    });

    test('what no call would write, even from somebody who may write tables', async () => {
      const who = await desk.newcomer();
      for (const text of [
        `insert into public.ccm_op (user_id, op_id, status) values ('${who.id}', gen_random_uuid(), 'perhaps')`,
        ...['fence = -1', 'run = -1', `exec = 'asleep'`].map((set) => `update public.ccm_task set ${set} where user_id = '${who.id}'`),
      ]) {
        await desk.offered(who);
        expect(await hub.query(text).then(() => 'ok', codeOf), text).toBe('23514');
      }
    });

    test('a second writer of the same user, until the first has committed', async () => {
      const [who, other] = [await desk.newcomer(), await desk.newcomer()];
      const renew = (of: User) => `set local lock_timeout = '400ms'; select public.ccm_renew('${of.system}', gen_random_uuid(), 1)`;
      const apart = directHub(where());
      const held = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      try {
        const first = hub.within(desk.claims(who), async (query) => {
          await query(`select public.ccm_push('${who.system}', null, '[]')`);
          held.resolve();
          await go.promise;
        });
        await held.promise;
        const second = (of: User) =>
          apart
            .within(desk.claims(of), async (query) => {
              for (const text of renew(of).split('; ')) await query(text);
            })
            .then(() => 'ok', codeOf);
        expect(await second(who)).toBe('55P03');
        expect(await second(other)).toBe('ok');
        go.resolve();
        await first;
        expect(await second(who)).toBe('ok');
      } finally {
        go.resolve();
        await apart.close();
      }
    });
  });
};
