/** Several machines that write at once, on a real PostgreSQL. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { directHub } from '../support/hub/direct.ts';

export const hubWriters = (where: () => string) => {
  describe('many writers', () => {
    test('writers at once give numbers in the order of their commits: a reader that polls misses none', async () => {
      const email = 'racer@example.org';
      const desk = directHub(where());
      onTestFinished(() => desk.close());
      await desk.addUser(email, 'pw');
      const box = { read: async () => null, write: async () => undefined, remove: async () => undefined };
      const enter = async () => {
        const hub = await desk.connect({ url: '', key: '' }, box);
        await hub.signIn({ email, password: 'pw' });
        return hub;
      };
      const hubs = await Promise.all([enter(), enter(), enter(), enter()]);
      const system = crypto.randomUUID();
      const stamp = (n: number) => `${String(Date.now()).padStart(15, '0')}-${n.toString(16).padStart(6, '0')}-00000001`;
      const set = (tbl: 'system' | 'project', id: string, n: number) => ({
        op: crypto.randomUUID(),
        tbl,
        id,
        kind: 'set' as const,
        set: { name: `${n}` },
        hlc: stamp(n),
      });
      const [reader, ...writers] = hubs;
      if (!reader) throw new Error('no hub');
      await reader.push(system, null, [set('system', system, 0)]);
      const made = Array.from({ length: 120 }, () => crypto.randomUUID());
      let writing = true;
      const seen = new Set<string>();
      const read = (async () => {
        let after = 0;
        let epoch: string | null = null;
        for (let rest = 2; rest > 0; ) {
          const last = !writing;
          const page = await reader.pull(epoch, after, 50);
          if (!page.ok) throw new Error(page.trouble.evidence);
          if (last) rest -= 1;
          epoch = page.value.epoch;
          for (const row of page.value.rows) seen.add(row.id);
          after = Math.max(after, ...page.value.rows.map(({ seq }) => seq));
          if (page.value.rows.length === 50) rest = 2;
        }
      })();
      // Told below; until then a reader that broke off is nobody's surprise.
      read.catch(() => undefined);
      await Promise.all(
        writers.map(async (hub, w) => {
          for (let n = w; n < made.length; n += writers.length)
            expect(await hub.push(system, null, [set('project', made[n] ?? '', n)])).toMatchObject({
              ok: true,
              value: { verdicts: [{ is: 'ok' }] },
            });
        }),
      );
      writing = false;
      await read;
      expect(made.filter((id) => !seen.has(id))).toEqual([]);
    }, 60_000);
  });
};
