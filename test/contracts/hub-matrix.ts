/** Two users × every table, call and verb of the hub's SQL, on a real PostgreSQL: who may do what. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directHub } from '../support/hub/direct.ts';
import { hubDesk, report, type User, uuid } from './hub-desk.ts';

const tables = ['ccm_head', 'ccm_seal', 'ccm_op', 'ccm_system', 'ccm_project', 'ccm_task', 'ccm_agent', 'ccm_ask', 'ccm_order'];
const nobody = `'${'0'.repeat(8)}-0000-4000-8000-000000000000'`;
const calls: ReadonlyArray<readonly [name: string, args: string]> = [
  ['ccm_ping', ''],
  ['ccm_push', `${nobody}, null, '[]'`],
  ['ccm_pull', 'null, 0, 10'],
  ['ccm_claim', `${nobody}, 1`],
  ['ccm_renew', `${nobody}, gen_random_uuid(), 1`],
  ['ccm_report', `${nobody}, gen_random_uuid(), 1, 1, 'ended', '{}'`],
  ['ccm_cancel', 'gen_random_uuid()'],
  ['ccm_reassign', 'gen_random_uuid(), gen_random_uuid()'],
  ['ccm_heartbeat', `gen_random_uuid(), '{}'`],
  ['ccm_rewound', `gen_random_uuid(), '{}'`],
];

export const hubMatrix = (where: () => string) => {
  let hub: ReturnType<typeof directHub>;
  let desk: ReturnType<typeof hubDesk>;
  let [one, two]: User[] = [];
  /** The same ids in every table, for both users. */
  const ids = { project: uuid(), task: uuid(), agent: uuid(), ask: uuid(), order: uuid() };
  const user = (given: User | undefined): User => given ?? expect.fail('no user');

  describe('who may do what', () => {
    beforeAll(async () => {
      hub = directHub(where());
      desk = hubDesk(hub);
      [one, two] = [await desk.newcomer(), await desk.newcomer()];
      for (const who of [one, two]) {
        const made = Object.entries(ids).map(([tbl, id]) => ({ tbl, id, kind: 'set', set: { name: who.id, task: ids.task } }));
        expect(await desk.push(who, ...made)).toEqual(made.map(() => 'ok'));
      }
    }, 60_000);
    afterAll(() => hub.close());

    test.each(tables)('%s is read by its own user only, and written by nobody', async (table) => {
      for (const who of [user(one), user(two)]) {
        const own = `select count(*)::int from public.${table} where user_id = auth.uid()`;
        expect(Number(await desk.said(who, own))).toBeGreaterThan(0);
        expect(Number(await desk.said(who, `select count(*)::int from public.${table} where user_id <> auth.uid()`))).toBe(0);
        for (const verb of [
          `delete from public.${table}`,
          `insert into public.${table} (user_id) values ('${who.id}')`,
          `update public.${table} set user_id = user_id`,
          `truncate public.${table}`,
        ])
          expect(await desk.code('authenticated', desk.claims(who), verb), verb).toBe('42501');
      }
      for (const verb of ['select user_id from', 'delete from'])
        expect(await desk.code('anon', {}, `${verb} public.${table}`), verb).toBe('42501');
    });

    test.each(calls)('%s is closed to the unknown, and asks who it is', async (name, args) => {
      expect(await desk.code('anon', {}, `select public.${name}(${args})`)).toBe('42501');
      expect(await desk.code('authenticated', {}, `select public.${name}(${args})`)).toBe('28000');
    });

    test('the rules behind the calls are granted to nobody', async () => {
      const open = await hub.query(`select p.proname as name from pg_proc p where p.pronamespace = 'ccm_private'::regnamespace
        and (has_function_privilege('anon', p.oid, 'execute')
          or has_function_privilege('authenticated', p.oid, 'execute') and p.proname <> 'strong')`);
      expect(open).toEqual([]);
      expect(await desk.code('authenticated', desk.claims(user(one)), `select ccm_private.lock_head('${user(two).id}')`)).toBe('42501');
    });

    test('the doorbell of a user is heard by that user only', async () => {
      const heard = async (who: User, topic: string, aal = 'aal1'): Promise<number> => {
        await hub.query(`insert into realtime.messages (topic, extension) values ($1, 'broadcast')`, [topic]);
        const seen = await hub.within(desk.claims(who, aal), async (ask) => {
          await ask(`select set_config('realtime.topic', $1, true)`, [topic]);
          return ask('select count(*)::int from realtime.messages');
        });
        return Number(seen);
      };
      expect(await heard(user(one), `ccm:${user(one).id}`)).toBeGreaterThan(0);
      expect(await heard(user(one), `ccm:${user(two).id}`)).toBe(0);
      const careful = await desk.newcomer();
      await hub.query(`insert into auth.mfa_factors (user_id, friendly_name, status, secret) values ($1, 'phone', 'verified', 'A')`, [
        careful.id,
      ]);
      expect(await heard(careful, `ccm:${careful.id}`)).toBe(0);
      expect(await heard(careful, `ccm:${careful.id}`, 'aal2')).toBeGreaterThan(0);
    });

    test('with a second factor turned on, a session without it is served nothing', async () => {
      const who = user(two);
      await hub.query(`insert into auth.mfa_factors (user_id, friendly_name, status, secret) values ($1, 'phone', 'verified', 'A')`, [
        who.id,
      ]);
      try {
        for (const [name, args] of calls)
          expect(await desk.code('authenticated', desk.claims(who), `select public.${name}(${args})`), name).toBe('42501');
        for (const table of tables) {
          const all = `select count(*)::int from public.${table}`;
          expect(Number(await desk.said(who, all)), table).toBe(0);
          expect(Number(await hub.as('authenticated', desk.claims(who, 'aal2'), all)), table).toBeGreaterThan(0);
        }
      } finally {
        await hub.query('delete from auth.mfa_factors where user_id = $1', [who.id]);
      }
    });

    test('the same ids of another user are other rows, whatever is done to them', async () => {
      const before = JSON.stringify((await desk.rows(user(one))).filter(({ tbl }) => tbl !== 'system'));
      const who = user(two);
      for (const { tbl, doc } of (await desk.rows(who)).filter((each) => each.tbl !== 'system')) expect(doc['name'], tbl).toBe(who.id);
      const { state } = (await desk.row(who, ids.task)) ?? expect.fail('no task');
      const done = await desk.push(
        who,
        { tbl: 'ask', id: ids.ask, kind: 'decide', arg: { verb: 'approve' } },
        { tbl: 'order', id: ids.order, kind: 'done', arg: { ok: true, final: true } },
        report(ids.task, Number(state['fence']), 1, 'running'),
        { tbl: 'task', id: ids.task, kind: 'cancel' },
        { tbl: 'task', id: ids.task, kind: 'reassign', arg: { target: who.system } },
      );
      expect(done).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
      await desk.said(who, 'select public.ccm_claim($1, 5)', [who.system]);
      expect((await desk.row(who, ids.task))?.state).toMatchObject({ exec: 'claimed' });
      expect(await desk.said(who, 'select public.ccm_renew($1, $2, 2)', [who.system, ids.task])).toBe(true);
      expect(JSON.stringify((await desk.rows(user(one))).filter(({ tbl }) => tbl !== 'system'))).toBe(before);
      // An operation of the same id, too, is another one.
      const op = uuid();
      for (const each of [user(one), who])
        expect(await desk.push(each, { op, tbl: 'project', id: ids.project, kind: 'set', set: { agent: each.id } })).toEqual(['ok']);
      for (const each of [user(one), who]) expect((await desk.row(each, ids.project))?.doc['agent']).toBe(each.id);
      for (const each of [user(one), who]) {
        for (const tbl of ['project', 'task', 'agent'] as const) {
          expect(await desk.push(each, { tbl, id: ids[tbl], kind: 'set', set: { agent: each.id } }), tbl).toEqual(['ok']);
          expect((await desk.row(each, ids[tbl]))?.doc, tbl).toMatchObject({ name: each.id, agent: each.id });
        }
        expect((await desk.rows(each)).filter(({ tbl }) => tbl === 'system').map(({ id }) => id)).toEqual([each.system]);
      }
      // And a seal of theirs is none of ours.
      const { epoch, head, seal } = (await desk.said(user(one), 'select public.ccm_pull(null, 0, 1)')) as Record<string, string>;
      const seen = JSON.stringify({ seq: 0, seal });
      const asked = `select public.ccm_pull($1, $2, 1, $3::text::jsonb) ->> 'lost'`;
      expect(await desk.said(user(one), asked, [epoch, head, seen])).toBe('false');
      expect(await desk.said(who, asked, [epoch, head, seen])).toBe('true');
    });
  });
};
