/** What a fake daemon remembers, and how it finds things by what a person typed. */
import type {
  Agent,
  Approval,
  JournalRow,
  Message,
  OutboxRow,
  ParkedRow,
  ProfileView,
  Project,
  Status,
  Task,
  TokenView,
  UsageReport,
} from '../../../src/api/contract/index.ts';
import { makeFeed } from './feed.ts';

export type Trouble = { status: number; code: string; detail: string; next?: string; extra?: Record<string, unknown> };

export const makeHouse = () => ({
  feed: makeFeed(),
  tasks: new Map<string, Task>(),
  agents: new Map<string, Agent>(),
  approvals: new Map<string, Approval>(),
  messages: new Map<string, Message>(),
  projects: new Map<string, Project>(),
  tokens: new Map<string, TokenView>(),
  journal: new Map<string, JournalRow[]>(),
  logs: new Map<string, string>(),
  diffs: new Map<string, string>(),
  outbox: [] as OutboxRow[],
  parked: [] as ParkedRow[],
  unreadable: { count: 0, first: [] } as Status['unreadable'],
  heldSince: null as number | null,
  findings: [] as { actor: string; seq: number | null; problem: string }[],
  profiles: [
    { name: 'claude', kind: 'claude', mode: 'interactive', command: ['claude'], available: true, lacks: null, preferred: true },
  ] as ProfileView[],
  /** Every report that was taken, by its id. */
  reports: new Map<string, Record<string, unknown>>(),
  /** Decisions by approval id; absent = pending. */
  decisions: new Map<string, { state: 'allow' | 'deny' | 'answer' | 'expire'; text: string | null }>(),
  usage: { by: 'task', from: null, rows: [], total: null, prices: null } as UsageReport,
  tmuxProblem: null as string | null,
  /** What a shutdown was asked to do with agents; the fake itself goes on. */
  shutdown: null as 'keep' | 'stop' | null,
});
export type House = ReturnType<typeof makeHouse>;

const missing = (what: string): Trouble => ({ status: 404, code: 'CCM_NOT_FOUND', detail: `There is no ${what}.` });

/** By id, by short id, or by the beginning of a title that only one has. */
export const find = <T extends { id: string; short: string; title?: string }>(things: Map<string, T>, typed: string, kind: string): T => {
  const all = [...things.values()];
  const exact = all.find(({ id, short }) => id === typed || short === typed);
  if (exact) return exact;
  const titled = all.filter(({ title }) => title?.startsWith(typed));
  if (titled.length > 1)
    throw refusal({
      status: 409,
      code: 'CCM_AMBIGUOUS',
      detail: `${titled.length} tasks begin with "${typed}".`,
      extra: { matches: titled.map(({ id, short, title }) => ({ id, short, title })) },
    });
  if (!titled[0]) throw refusal(missing(`${kind} ${typed}`));
  return titled[0];
};

/** A refusal on its way to becoming a problem document. */
export class Refusal extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble) {
    super(trouble.detail);
    this.trouble = trouble;
  }
}
export const refusal = (trouble: Trouble): Refusal => new Refusal(trouble);
