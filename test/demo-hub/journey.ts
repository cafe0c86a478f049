/** Tells how a task travels, from the journals of both machines: no step is missed, however fast it went. */
import { setTimeout as pause } from 'node:timers/promises';
import type { LiveHome } from '../support/live-daemon.ts';

export type Station = { name: string; live: LiveHome };
type Step = { seq: number; at: number; status: string };
type Ended = { status: string; ended: boolean; result: { summary: string | null } | null };

const words: Readonly<Record<string, string>> = {
  held: 'the task waits to be sent',
  offered: 'the hub has the offer',
  claimed: 'hears that it was claimed there',
  remote: 'hears that it is running there',
  queued: 'claimed it; it is queued here',
  starting: 'the agent starts',
  working: 'the agent works',
  finishing: 'the agent is done; its work is looked over',
};

/** Ends with the task as `from` sees it once it ended there; throws when that is not within `boundMs` or `signal` says stop. */
export const follow = async (
  id: string,
  from: Station,
  to: Station,
  told: (who: string, what: string) => void,
  signal: AbortSignal,
  boundMs = 120_000,
): Promise<Ended> => {
  const deadline = performance.now() + boundMs;
  const last = new Map<string, Step>();
  const fresh = async ({ name, live }: Station): Promise<Array<Step & { name: string }>> => {
    const before = last.get(name);
    const { status, body } = await live.api('GET', `/actors/${id}/history?after=${before?.seq ?? 0}`);
    if (status !== 200) return []; // Not arrived there yet.
    const steps: Step[] = body.data;
    const newest = steps.at(-1);
    if (newest) last.set(name, newest);
    return steps.filter((step, n) => step.status !== (steps[n - 1] ?? before)?.status).map((step) => ({ ...step, name }));
  };
  for (;;) {
    const steps = (await Promise.all([fresh(from), fresh(to)])).flat().toSorted((a, b) => a.at - b.at);
    for (const { name, status } of steps) told(name, words[status] ?? (name === from.name ? `has the result: ${status}` : status));
    const task: Ended = (await from.live.api('GET', `/tasks/${id}`)).body.data;
    // The last step may have come after the look at the journal.
    if (task.ended && last.get(from.name)?.status === task.status) return task;
    if (performance.now() > deadline)
      throw new Error(`${from.name} saw no result within ${boundMs / 1000} seconds; it says: ${task.status}.`);
    await pause(150, undefined, { signal });
  }
};
