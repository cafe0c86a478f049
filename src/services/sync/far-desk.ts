/** Tasks, questions and messages of other machines, listed and commanded as this machine's own are. What they want is told there and done there. */
import type { Consequence } from '../../api/contract/envelope.ts';
import type { Approval, InboxItem } from '../../api/contract/inbox.ts';
import type { Message } from '../../api/contract/message.ts';
import type { Task, TaskLog } from '../../api/contract/task.ts';
import { fail, ok, type Result } from '../../errors.ts';
import type { SyncRow } from '../../ports/sync-store.ts';
import { shortOf } from '../../ports/system.ts';
import { outcomeOf } from '../../sync/orders.ts';
import { takeBack } from '../../sync/take-back.ts';
import type { Caller } from '../caller.ts';
import { afterDecision, decidedText } from '../decided-text.ts';
import type { AccountDeps } from './account.ts';
import { fieldOf, textOf } from './fields.ts';
import { type Givers, refusal } from './give.ts';
import { type FarView, farApproval, farAsk, farCommands, farEnded, farMessage, farTask, ownerOf } from './present-far.ts';

/** A log is asked for again when what is known of it is older than this. */
const STALE_LOG_MS = 3_000;
const most = 500;

type Fields = Readonly<Record<string, unknown>>;
export type FarQuery = { ended: boolean; project?: string | undefined; text?: string | undefined };
type Deps = Pick<AccountDeps, 'runtime' | 'store' | 'now'> & { giving: Givers; view: () => FarView };

const consequence = (text: string): Consequence => ({
  dryRun: true,
  legal: true,
  consequence: text,
  becomes: '',
  effects: [],
  timers: [],
  transitions: [],
});

export const farDesk = ({ runtime, store, now, giving, view }: Deps) => {
  const { sync } = store;
  const nameOf = (system: string): string => view().nameOf(system);
  const systemOf = (row: SyncRow) => nameOf(ownerOf(row, sync.link()?.system ?? ''));
  const called = (row: SyncRow, text: string): boolean => {
    const title = textOf(row.doc['title'])?.toLowerCase() ?? '';
    return row.id === text || shortOf(row.id) === text.toLowerCase() || (text.length > 2 && title.startsWith(text.toLowerCase()));
  };
  /** A task that has no actor here. Null: none is called so. */
  const find = (text: string): Result<SyncRow> | null => {
    const direct = sync.row('task', text);
    if (direct) return runtime.state(text) === null && !direct.del ? ok(direct) : null;
    const found = sync.tasksElsewhere({ ended: true }).filter((row) => called(row, text));
    const exact = found.filter(({ id }) => shortOf(id) === text.toLowerCase());
    const [first, second] = exact.length > 0 ? exact : found;
    if (!first) return null;
    return second ? fail('CCM_AMBIGUOUS', `Several tasks of other machines are called "${text.slice(0, 80)}".`) : ok(first);
  };
  const mine = (order: SyncRow, task: string, verb: string) => order.doc['task'] === task && order.doc['verb'] === verb;
  const ordersOf = (task: string, verb: string): SyncRow[] =>
    sync
      .rows('order')
      .filter((row) => mine(row, task, verb))
      .toSorted((a, b) => Number(a.doc['at'] ?? 0) - Number(b.doc['at'] ?? 0));

  /** `stop` also reaches a machine that is away for long, and ends an offer before anybody took it. */
  const cancel = async (row: SyncRow): Promise<Result<string | null>> => {
    if (farEnded(row)) return fail('CCM_ILLEGAL_MOVE', 'It has ended.', { state: 'ended', legal: [] });
    const op = await giving.order({ tbl: 'task', id: row.id, kind: 'cancel' });
    const after = await giving.seen('task', row.id, farEnded, op);
    const no = giving.refused(op);
    if (no) return no;
    return ok(after && farEnded(after) ? null : giving.waits('`stop`', systemOf(row)));
  };

  const command = async (
    row: SyncRow,
    verb: string,
    fields: Fields,
    caller: Caller,
    dry: boolean,
  ): Promise<Result<{ waits: string | null } | { consequence: Consequence }>> => {
    const system = systemOf(row);
    const legal = farCommands(row);
    if (dry) return ok({ consequence: consequence(`${system} is told to ${verb} it, and decides whether that is possible.`) });
    if (verb === 'stop') {
      const done = await cancel(row);
      return done.ok ? ok({ waits: done.value }) : done;
    }
    if (row.state['exec'] === 'offered') return fail('CCM_ILLEGAL_MOVE', `${system} has not taken it yet.`, { state: 'offered', legal });
    const given = await giving.give(row.id, verb, fields, caller);
    if (!given.ok) return given;
    const { outcome } = given.value;
    if (outcome && !outcome.ok) return refusal(outcome);
    return ok({ waits: outcome ? null : giving.waits(`\`${verb}\``, system) });
  };

  const openAsks = (): SyncRow[] => {
    const here = sync.link()?.system;
    return sync
      .rows('ask')
      .filter(({ doc, state }) => doc['status'] === 'pending' && !state['decision'] && state['system'] !== here && textOf(state['system']))
      .filter(({ id }) => !sync.openOf('ask', id).some(({ kind }) => kind === 'decide'))
      .slice(0, most);
  };
  const shown = (id: string, waits: string | null): Result<Task> => {
    const row = sync.row('task', id);
    return row ? ok(farTask(row, view(), true, waits === null ? [] : [waits])) : fail('CCM_NOT_FOUND', `There is no task ${id}.`);
  };

  return {
    find,
    /** What a person is told who wants something of it that can be had there only. */
    whereabouts: (text: string): string | null => {
      const found = find(text);
      if (!found?.ok) return null;
      const { id, doc } = found.value;
      return `The task "${textOf(doc['title']) ?? shortOf(id)}" is on ${systemOf(found.value)}; this can be had there only.`;
    },
    list: ({ ended, project, text }: FarQuery): Task[] => {
      const seen = view();
      return sync
        .tasksElsewhere({ ended })
        .map((row) => farTask(row, seen, false))
        .filter((task) => project === undefined || task.project.id === project || task.project.name.toLowerCase() === project.toLowerCase())
        .filter(({ title }) => text === undefined || title.toLowerCase().includes(text.toLowerCase()));
    },
    get: (row: SyncRow): Task => farTask(row, view(), true),
    command: async (row: SyncRow, verb: string, fields: Fields, caller: Caller, dry: boolean): Promise<Result<Task | Consequence>> => {
      const done = await command(row, verb, fields, caller, dry);
      if (!done.ok) return done;
      return 'consequence' in done.value ? ok(done.value.consequence) : shown(row.id, done.value.waits);
    },
    /** For a task of this machine that another carries out: the sentence when it waits. */
    tell: command,
    send: async (row: SyncRow, text: string, caller: Caller): Promise<Result<Message>> => {
      const given = await giving.give(row.id, 'send', { text }, caller);
      if (!given.ok) return given;
      const { id, outcome } = given.value;
      if (outcome && !outcome.ok) return refusal(outcome);
      const order = sync.row('order', id);
      return order ? ok(farMessage(order, systemOf(row))) : fail('CCM_NOT_FOUND', 'The message is gone.');
    },
    messages: (row: SyncRow): Message[] => ordersOf(row.id, 'send').map((order) => farMessage(order, systemOf(row))),
    /** What is known of its window; asked for again when that is old. */
    log: async (row: SyncRow, lines: number, caller: Caller): Promise<Result<TaskLog>> => {
      const last = ordersOf(row.id, 'log').at(-1);
      const fresh = last !== undefined && now() - Number(last.doc['at'] ?? 0) < STALE_LOG_MS;
      const given = fresh ? null : await giving.give(row.id, 'log', { lines }, caller);
      if (given && !given.ok) return given;
      const known = [...ordersOf(row.id, 'log')]
        .reverse()
        .map(outcomeOf)
        .find((outcome) => outcome !== null);
      if (known && !known.ok) return refusal(known);
      if (known) return ok({ text: textOf(known['text']) ?? '', live: known['live'] === true && !farEnded(row) });
      const kept = textOf(fieldOf(fieldOf(row.state['facts'], 'result'), 'output'));
      if (kept !== null) return ok({ text: kept, live: false });
      return fail('CCM_HUB_UNREACHABLE', `The log is on ${systemOf(row)}, which does not answer now.`);
    },
    asks: (): InboxItem[] => {
      const seen = view();
      return openAsks().map((row) => farAsk(row, seen));
    },
    asked: (row: SyncRow): Approval[] =>
      sync
        .rows('ask')
        .filter(({ doc }) => doc['task'] === row.id)
        .map((ask) => farApproval(ask, view(), null))
        .toSorted((a, b) => a.askedAt - b.askedAt),
    /** Null: nobody elsewhere asks this. */
    decide: async (
      text: string,
      verb: string,
      fields: Fields,
      caller: Caller,
      dry: boolean,
    ): Promise<Result<Approval | Consequence> | null> => {
      const direct = sync.row('ask', text) ?? sync.rows('ask').find(({ id }) => shortOf(id) === text.toLowerCase());
      if (!direct || runtime.state(direct.id) !== null) return null;
      const system = nameOf(textOf(direct.state['system']) ?? '');
      const gone = (row: SyncRow) => {
        const { status, answer, decidedBy } = farApproval(row, view(), null);
        const decision = textOf(fieldOf(row.state['decision'], 'verb')) ?? textOf(row.doc['status']);
        return fail('CCM_ILLEGAL_MOVE', decidedText(status, decidedBy, answer), { decidedBy, decision, next: afterDecision });
      };
      const fits = verb === 'answer' ? direct.doc['kind'] !== 'approval' : direct.doc['kind'] === 'approval';
      const isDecided = (row: SyncRow) => Boolean(row.state['decision']) || row.doc['status'] !== 'pending';
      if (isDecided(direct)) return gone(direct);
      if (!fits)
        return fail(
          'CCM_ILLEGAL_MOVE',
          `${verb === 'answer' ? 'A permission is approved or denied' : 'A question is answered'}, not this.`,
        );
      if (dry) return ok(consequence(`${system} is told; the first decision the hub hears counts.`));
      const said = verb === 'answer' ? fields['text'] : fields['note'];
      const arg = { verb, text: textOf(said), by: caller.by };
      const op = await giving.order({ tbl: 'ask', id: direct.id, kind: 'decide', arg });
      if (op === null) return fail('CCM_HUB_NONE', 'This machine is not connected to a hub.');
      const after = await giving.seen('ask', direct.id, ({ state }) => Boolean(state['decision']), op);
      if (giving.refused(op)) {
        // Somebody was faster: who that was may come with the next look. The person is told here, so nothing is left to be looked at.
        const winner = await giving.seen('ask', direct.id, isDecided, null);
        const mine = sync.op(op);
        if (mine) await runtime.transaction(() => takeBack(sync, mine));
        return gone(winner ?? direct);
      }
      const heard = Boolean(after?.state['decision']);
      return ok(farApproval(after ?? direct, view(), heard ? null : giving.waits('Your decision', system)));
    },
  };
};
export type FarDesk = ReturnType<typeof farDesk>;
