/** Writes down what agents use, once per request, with where it was heard and how its cost is known. */
import type { Usage } from '../ports/agent-hooks.ts';
import type { Clock } from '../ports/system.ts';
import type { UsageBook, UsageRow } from '../ports/usage.ts';
import { dayOf } from './day.ts';
import { costOf, type Prices } from './prices.ts';

/** Where it was heard: `key` names the hook call, the line of the conversation or the report. */
export type HeardIn = { source: UsageRow['source']; at: number; key: string };
export type UsageDesk = {
  /** False when nothing of it was new. A figure of an unknown agent is dropped: there is nobody to charge. */
  heard: (agent: string, usage: Usage, from: HeardIn) => boolean;
};

/** More than this of one request is a mistake of whoever told it. */
const most = 1_000_000_000;
const counted = (n: number): number => (Number.isFinite(n) ? Math.min(most, Math.max(0, Math.round(n))) : 0);

export const usageDesk = (deps: {
  book: Pick<UsageBook, 'put'>;
  prices: () => Prices;
  clock: Pick<Clock, 'now'>;
  agent: (id: string) => { task: string; project: string; profile: string } | null;
  /** Something was told after its day was made a sum, and is not counted: it may be counted there. */
  late?: (of: { agent: string; task: string; day: string }) => void;
  /** Something new was written. */
  spent?: (of: { agent: string; task: string; project: string; day: string }) => void;
}): UsageDesk => ({
  heard(agent, usage, { source, at, key }) {
    const whose = deps.agent(agent);
    if (!whose) return false;
    const { id, model } = usage;
    const told = usage.costMicroUsd === null ? null : counted(usage.costMicroUsd);
    const tokens = {
      input: counted(usage.input),
      output: counted(usage.output),
      cacheRead: counted(usage.cacheRead),
      cacheWrite: counted(usage.cacheWrite),
    };
    const prices = deps.prices();
    const worked = told === null ? costOf(prices, { model, ...tokens }) : null;
    const when = Math.min(at, deps.clock.now());
    const day = dayOf(when);
    const put = deps.book.put({
      ...whose,
      ...tokens,
      agent,
      request: id.slice(0, 200),
      model: model?.slice(0, 100) ?? null,
      at: when,
      day,
      costMicroUsd: told ?? worked,
      costBy: told !== null ? 'program' : worked !== null ? 'prices' : null,
      prices: worked !== null ? prices.version : null,
      source,
      key: key.slice(0, 200),
    });
    if (put === 'written') deps.spent?.({ agent, task: whose.task, project: whose.project, day });
    if (put === 'late') deps.late?.({ agent, task: whose.task, day });
    return put === 'written';
  },
});
