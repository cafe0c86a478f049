/** Watches the hub: compares what it holds before and after every call. */

import type { HubUser } from '../../../adapters/supabase/fake-rules.ts';
import type { Claimed, HubRow, Pushed } from '../../../src/ports/hub.ts';
import type { Start } from './device.ts';
import type { Done } from './network.ts';

const ranks: Readonly<Record<string, number>> = { offered: 1, claimed: 2, running: 3, ended: 9, cancelled: 9, expired: 9 };
type Task = { fence: number; run: number; rank: number; owner: string; exec: string };
const taskOf = ({ state }: HubRow): Task => ({
  fence: Number(state['fence']),
  run: Number(state['run']),
  rank: ranks[String(state['exec'])] ?? 0,
  owner: String(state['owner']),
  exec: String(state['exec']),
});

export const hubWatch = (user: () => HubUser | undefined, wrong: (words: string) => void) => {
  const accepted = new Set<string>();
  /** Said once, before the hub was put back too: such an answer may still be on its way. */
  const said = new Set<string>();
  const grants = new Set<string>();
  const deleted = new Set<string>();
  let seq = 0;
  /** Rows that stay for ever, if only as deleted ones. */
  let lasting = new Set<string>();
  let tasks = new Map<string, Task>();
  let restored = false;

  const tasksNow = (): Map<string, Task> => {
    const rows = [...(user()?.rows.values() ?? [])].filter(({ tbl }) => tbl === 'task');
    return new Map(rows.map((row) => [row.id, taskOf(row)]));
  };
  const once = ({ epoch, verdicts, resync }: Pushed): void => {
    // Its numbers may have gone on to those of another history.
    if (resync) return;
    const fresh = verdicts.filter(({ op, is }) => is === 'ok' && !accepted.has(`${epoch} ${op}`));
    for (const { op } of fresh) {
      accepted.add(`${epoch} ${op}`);
      said.add(`${epoch} ${op}`);
    }
    const moved = (user()?.seq ?? 0) - seq;
    if (moved > fresh.length) wrong(`I3 ${moved} changes for ${fresh.length} operations that were new`);
  };

  return {
    before: (call: string) => {
      seq = user()?.seq ?? 0;
      if (call === 'push' || call === 'claim') tasks = tasksNow();
      lasting = new Set([...(user()?.rows.keys() ?? [])].filter((key) => !key.startsWith('order ')));
    },
    done: ({ device, call, args, answer }: Done) => {
      if (!answer.ok || (call !== 'push' && call !== 'claim')) return;
      for (const key of lasting) if (!user()?.rows.has(key)) wrong(`I11 a ${key.split(' ')[0]} is gone without a trace`);
      const [system] = args;
      if (call === 'push') once(answer.value as Pushed);
      for (const [id, now] of tasksNow()) {
        const was = tasks.get(id);
        if (!was) continue;
        if (now.fence < was.fence) wrong(`P2 the fence of a task went from ${was.fence} to ${now.fence}`);
        const sameRun = now.fence === was.fence && now.run === was.run;
        if (sameRun && now.rank < was.rank) wrong(`P3 a task went from ${was.exec} to ${now.exec}`);
        if (now.fence === was.fence && now.run < was.run) wrong(`P3 a run went from ${was.run} to ${now.run}`);
        const told = now.fence === was.fence && (now.exec !== was.exec || now.run !== was.run);
        if (call === 'push' && told && was.owner !== system && !['cancelled', 'expired'].includes(now.exec))
          wrong(`P6 device ${device} moved a task of another machine to ${now.exec}`);
      }
      if (call === 'claim')
        for (const row of (answer.value as Claimed).rows) {
          if (row.state['cancel'] === true) wrong('P4 a cancelled task was given out');
          grants.add(`${row.id} ${String(row.state['fence'])} ${device}`);
        }
      for (const { tbl, id, del } of user()?.rows.values() ?? []) {
        if (del) deleted.add(`${tbl} ${id}`);
        else if (deleted.has(`${tbl} ${id}`)) wrong(`I11 a deleted ${tbl} came back on the hub`);
      }
    },
    started: ({ device, task, fence }: Start) => {
      if (fence > 0 && !grants.has(`${task} ${fence} ${device}`)) wrong(`P1 device ${device} began a task it was never given`);
    },
    wasAccepted: (epoch: string, op: string) => said.has(`${epoch} ${op}`),
    /** Put back to an older copy: what was there since is gone, and may come again. */
    rewind: () => {
      restored = true;
      deleted.clear();
      for (const { tbl, id, del } of user()?.rows.values() ?? []) if (del) deleted.add(`${tbl} ${id}`);
      const epoch = user()?.epoch;
      const ops = user()?.ops;
      for (const key of accepted) {
        const [of, op = ''] = key.split(' ');
        if (of === epoch && ops?.get(op)?.is !== 'ok') accepted.delete(key);
      }
    },
    restored: () => restored,
  };
};
export type HubWatch = ReturnType<typeof hubWatch>;
