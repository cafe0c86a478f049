/** What time does to the hub's SQL, on a real PostgreSQL: leases, tombstones, seals, orders, verdicts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directHub } from '../support/hub/direct.ts';
import { hubDesk, type Row, report, type User, uuid } from './hub-desk.ts';

export const hubTime = (where: () => string) => {
  let hub: ReturnType<typeof directHub>;
  let desk: ReturnType<typeof hubDesk>;

  describe('time', () => {
    beforeAll(() => {
      hub = directHub(where());
      desk = hubDesk(hub);
    });
    afterAll(() => hub.close());
    const ago = (who: User, table: string, set: string) => hub.query(`update public.${table} set ${set} where user_id = $1`, [who.id]);
    const beat = (who: User, cursor: number) =>
      desk.said(who, `select public.ccm_heartbeat($1, $2::text::jsonb)`, [who.system, JSON.stringify({ cursor })]);

    test('a lease that is over is given out again under a new fence; one that holds is not', async () => {
      const who = await desk.newcomer();
      const id = await desk.offered(who);
      const claim = async () =>
        ((await desk.said(who, 'select public.ccm_claim($1, 5)', [who.system])) as { rows: Row[] }).rows.map(({ state }) => state['fence']);
      expect(await claim()).toEqual([2]);
      expect(await claim()).toEqual([]);
      await ago(who, 'ccm_task', `lease_until = clock_timestamp() - interval '1 s'`);
      expect(await claim()).toEqual([3]);
      expect(await desk.push(who, report(id, 2, 1, 'running'))).toEqual(['rejected']);
      expect(await desk.push(who, report(id, 3, 1, 'running'))).toEqual(['ok']);
      await ago(who, 'ccm_task', `lease_until = clock_timestamp() - interval '1 s'`);
      expect(await claim(), 'what has begun is nobody else’s').toEqual([]);
    });

    test('a tombstone stays 90 days, and until every machine has read it; a seal that all have read goes', async () => {
      const who = await desk.newcomer();
      const id = uuid();
      await desk.push(who, { tbl: 'project', id, kind: 'set', set: { name: 'x' } }, { tbl: 'project', id, kind: 'del' });
      const head = () => desk.said(who, 'select seq from public.ccm_head').then(Number);
      const there = async () => [...(await desk.rows(who))].some((each) => each.id === id);
      const far = (await head()) + 100;
      await beat(who, far);
      expect(await there(), 'it is young').toBe(true);
      await ago(who, 'ccm_project', `gone_at = clock_timestamp() - interval '91 days'`);
      await beat(who, 0);
      expect(await there(), 'somebody has not read it').toBe(true);
      await beat(who, far);
      expect(await there()).toBe(false);
      expect(Number(await desk.said(who, 'select count(*)::int from public.ccm_seal'))).toBe(0);
      // Away for longer than that: nobody waits for it.
      await desk.push(who, { tbl: 'project', id, kind: 'del' });
      const gone = uuid();
      await desk.push({ ...who, system: gone }, { tbl: 'system', id: gone, kind: 'set', set: { name: 'long away' } });
      await ago(who, 'ccm_project', `gone_at = clock_timestamp() - interval '91 days'`);
      await beat(who, far + 100);
      expect(await there(), 'another machine has not read it').toBe(true);
      await hub.query(`update public.ccm_system set last_seen = clock_timestamp() - interval '91 days' where id = $1`, [gone]);
      await beat(who, far + 100);
      expect(await there()).toBe(false);
    });

    test('orders go after two days, looks at a log after a quarter of an hour, verdicts after thirty days', async () => {
      const who = await desk.newcomer();
      const [pause, log] = [uuid(), uuid()];
      const task = uuid();
      await desk.push(who, { tbl: 'task', id: task, kind: 'set', set: { title: 'x' } });
      for (const [id, verb] of [
        [pause, 'pause'],
        [log, 'log'],
      ] as const)
        await desk.push(who, { tbl: 'order', id, kind: 'set', set: { task, verb } });
      const left = async () => (await desk.rows(who)).filter(({ tbl }) => tbl === 'order').map(({ id }) => id);
      const verdicts = async () => Number(await desk.said(who, 'select count(*)::int from public.ccm_op'));
      await ago(who, 'ccm_order', `at = clock_timestamp() - interval '14 minutes'`);
      await ago(who, 'ccm_op', `at = clock_timestamp() - interval '29 days'`);
      await beat(who, 0);
      expect((await left()).toSorted()).toEqual([pause, log].toSorted());
      expect(await verdicts()).toBe(4);
      await ago(who, 'ccm_order', `at = clock_timestamp() - interval '20 minutes'`);
      await beat(who, 0);
      expect(await left()).toEqual([pause]);
      await ago(who, 'ccm_order', `at = clock_timestamp() - interval '49 hours'`);
      await ago(who, 'ccm_op', `at = clock_timestamp() - interval '31 days'`);
      await beat(who, 0);
      expect(await left()).toEqual([]);
      expect(await verdicts()).toBe(0);
    });
  });
};
