/** What a change on the hub means for the actors of this machine: events for them, nothing else. Pure. */
import type { SyncRow } from '../ports/sync-store.ts';
import type { ActorState, Addressed } from '../runtime/types.ts';
import type { Change } from './apply.ts';

export type View = {
  system: string;
  state: (id: string) => ActorState | null;
  nameOf: (system: string) => string;
  /** A person here wants it ended, and the hub was not told yet. */
  leaving: (id: string) => boolean;
};

const verdicts = new Set(['succeeded', 'failed', 'cancelled', 'interrupted', 'expired', 'superseded']);
/** Where a task has no program yet. */
const before = new Set(['scheduled', 'blocked', 'stuck', 'queued', 'paused']);

export const react = ({ after }: Change, view: View): Addressed[] => {
  if (after.tbl === 'task') return ofTask(after, view);
  return after.tbl === 'ask' ? ofAsk(after, view) : [];
};

const goesOn = new Set(['offered', 'claimed', 'running']);

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const inner = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined);

const ofTask = (row: SyncRow, { system, state, nameOf, leaving }: View): Addressed[] => {
  const actor = state(row.id);
  if (!actor) return [];
  const owner = text(row.state['owner']) ?? system;
  // The same row says the same again after a new start: its number makes it one event.
  const event = (type: string, fields: Record<string, unknown> = {}): Addressed => ({
    to: row.id,
    event: { type, id: `hub:${row.id}:${row.seq}:${type}`, by: `system:${nameOf(owner)}`, ...fields },
  });
  if (actor.context['system'] !== null) {
    if (owner === system) return [];
    // It had ended here, and goes on there: somebody gave it to another machine, or its own began it again. Or it only looked expired, by our
    // clock, and was done there.
    const exec = String(row.state['exec']);
    const goes = goesOn.has(exec) || (exec === 'ended' && actor.status === 'expired');
    const again = actor.view.ended && goes && row.state['cancel'] !== true && !leaving(row.id);
    return [...(again ? [event('HAND_OVER', { system: owner })] : []), ...progress(row, event, nameOf(owner))];
  }
  if (owner === system)
    return row.state['cancel'] === true && !actor.view.ended ? [event('STOP', { reason: 'cancelled on another system' })] : [];
  if (actor.view.ended) return [];
  // It was given to another machine: what has not begun goes there, what runs here ends and keeps its work on its branch. Of how it goes on
  // there, this may be the only word.
  if (before.has(actor.status)) return [event('HAND_OVER', { system: owner }), ...progress(row, event, nameOf(owner))];
  return [event('STOP', { reason: `taken over by ${nameOf(owner)}` })];
};

type Make = (type: string, fields?: Record<string, unknown>) => Addressed;
const progress = (row: SyncRow, event: Make, name: string): Addressed[] => {
  const facts = row.state['facts'];
  const summary = text(inner(inner(facts, 'result'), 'summary')) ?? text(inner(facts, 'reason'));
  switch (row.state['exec']) {
    case 'offered':
      return [event('HUB_OFFERED')];
    case 'claimed':
      return [event('HUB_OFFERED'), event('HUB_CLAIMED', { system: name })];
    case 'running':
      return [event('HUB_OFFERED'), event('HUB_RUNNING')];
    case 'expired':
      return [event('HUB_ENDED', { verdict: 'expired', summary: 'no machine took it in time' })];
    case 'cancelled':
      return [event('HUB_ENDED', { verdict: 'cancelled', summary })];
    case 'ended': {
      const status = text(inner(facts, 'status'));
      return [event('HUB_ENDED', { verdict: status !== null && verdicts.has(status) ? status : 'interrupted', summary })];
    }
    default:
      return [];
  }
};

const verbs: Readonly<Record<string, string>> = { approve: 'ALLOW', deny: 'DENY', answer: 'ANSWER' };
const ofAsk = (row: SyncRow, { state, nameOf }: View): Addressed[] => {
  const decision = row.state['decision'];
  const actor = state(row.id);
  const type = verbs[text(inner(decision, 'verb')) ?? ''];
  if (!actor || actor.status !== 'pending' || !type) return [];
  const said = text(inner(decision, 'text'));
  const by = `${text(inner(decision, 'by')) ?? 'somebody'} on ${nameOf(text(inner(decision, 'system')) ?? '')}`;
  const fields = type === 'ANSWER' ? { text: said ?? '' } : said ? { note: said } : {};
  return [{ to: row.id, event: { type, id: `hub:${row.id}:decision`, by, ...fields } }];
};
