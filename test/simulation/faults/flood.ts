/** Far more at once than can be done: what is acknowledged is kept, the rest is refused or waits, and memory stays in bounds. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { until } from '../../support/until.ts';
import { programsOf } from './processes.ts';
import type { World } from './world.ts';

const mostGrowthMb = 200;
const callers = 10;
/** Requests that each caller has on the way at any time. */
const atOnce = 10;

/** Resident megabytes. */
export const rssOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** What an agent finds in its environment. */
const agentOf = (pid: number): { agent: string; token: string } => {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  const value = (name: string): string => entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  return { agent: value('CCM_AGENT_ID'), token: value('CCM_HOOK_TOKEN') };
};

export const flood = async (world: World, seconds: number): Promise<string> => {
  const { live } = world;
  await world.begin('long');
  const [pid = 0] = await until('the agent', () => (programsOf(world).length > 0 ? programsOf(world) : undefined), 30_000);
  const { agent, token } = agentOf(pid);
  const kept: string[] = [];
  const report = async (id: string): Promise<boolean> => {
    const reply = await fetch(`${live.url}/api/v1/report`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ report: 'progress', text: `${id} ${'x'.repeat(500)}`, id }),
    });
    await reply.arrayBuffer();
    if (reply.ok) kept.push(`report:${agent}:${id}`);
    return reply.ok;
  };

  const calm = performance.now();
  for (let i = 0; i < 20; i += 1) await report(`calm.${i}`);
  const pace = 20 / ((performance.now() - calm) / 1000);
  const before = rssOf(live.pid);
  let most = before;
  let refused = 0;
  const watch = setInterval(() => {
    most = Math.max(most, rssOf(live.pid));
  }, 100);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let i = 0; performance.now() - began < seconds * 1000; i += 1) {
        const taken = await Promise.all(Array.from({ length: atOnce }, (__, n) => report(`${caller}.${i}.${n}`)));
        refused += taken.filter((one) => !one).length;
      }
    }),
  );
  clearInterval(watch);
  const rate = kept.length / ((performance.now() - began) / 1000);
  // The hardest moment to be asked what was kept.
  await live.crash();
  const db = new Sqlite(join(live.home, 'ccm.db'), { readonly: true });
  const known = db.prepare('select 1 from seen where id = ?');
  const lost = kept.filter((id) => known.get(id) === undefined);
  db.close();
  assert.deepEqual(lost, [], 'acknowledged and gone');
  assert.ok(most - before < mostGrowthMb, `memory grew from ${Math.round(before)} to ${Math.round(most)} MB`);
  await live.up();
  await world.sound();
  return `${callers * atOnce} on the way at once where one caller alone makes ${Math.round(pace)}/s: ${kept.length} taken at ${Math.round(rate)}/s and all kept, ${refused} refused; memory ${Math.round(before)} to at most ${Math.round(most)} MB`;
};
