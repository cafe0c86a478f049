/** What the link's reasons, its commands and its operations mean, for a person. Pure. */
import type { Command, SyncOp, SyncStatus } from '../api/types.ts';

const reasons: Readonly<Record<string, string>> = {
  networkLost: 'The hub cannot be reached from here.',
  portal: 'Something between here and the hub answers in its place, such as the sign-in page of a network.',
  authExpired: 'The session ran out and could not be renewed yet.',
  hubPaused: 'The hub’s project is paused by its provider.',
  throttled: 'The hub asks for patience.',
  hubDown: 'The hub does not work at the moment.',
  schemaMismatch: 'The hub has the tables of another version.',
};
const states: Readonly<Record<string, string>> = {
  syncing: 'Catching up with the hub.',
  online: 'The hub answers.',
  executing: 'The hub answers; work is moving between machines.',
  offline: 'Proving the connection.',
  queuing: 'The hub is not reached. Changes wait below.',
  paused: 'Held by a person. Nothing is sent or fetched; changes wait below.',
  signedOut: 'Signed out. Changes are kept; sign in again with `ccm login`.',
};

/** How it stands in a sentence: the trouble when there is one. */
export const standing = ({ state, reason }: Pick<SyncStatus, 'state' | 'reason'>): string => {
  if (state === 'signedOut' && reason !== null) return 'The hub has ended the session. Changes are kept; sign in again with `ccm login`.';
  const trouble = reason !== null && state !== 'paused' ? (reasons[reason] ?? reason) : null;
  return trouble ?? states[state] ?? state;
};

/** Null: nothing is planned in this state. */
export const planned = (state: string): string | null =>
  state === 'offline' || state === 'queuing'
    ? 'Next try'
    : state === 'online' || state === 'executing' || state === 'syncing'
      ? 'Next look'
      : null;

/** There is one link per home, and this is its id. */
export const linkId = 'sync-link';

const effects: Readonly<Record<string, string>> = {
  now: 'asks the hub at once, without waiting for the next turn.',
  pause: 'holds the link: nothing is sent or fetched until Resume.',
  resume: 'proves the connection anew, then sends what waits.',
  logout: 'ends the session with the hub. What waits is kept; `ccm login` signs in again.',
  disable: 'disconnects this machine. All data stays here, and what waits is kept.',
};
export type LinkOffer = { command: Command; effect: string };
/** The commands this page gives, of those that are legal now, each with what it does. */
export const linkOffers = (commands: readonly Command[]): LinkOffer[] =>
  commands.flatMap((command) => {
    const effect = effects[command.verb];
    return effect === undefined ? [] : [{ command, effect }];
  });

const deeds: Readonly<Record<string, string>> = {
  set: 'Change',
  del: 'Remove',
  offer: 'Offer',
  report: 'Report on',
  cancel: 'End',
  reassign: 'Move',
  decide: 'Decide on',
  done: 'Answer',
  send: 'Write to',
  log: 'Read the log of',
};
const called: Readonly<Record<string, string>> = { ask: 'question', order: 'task' };
export const opText = (op: Pick<SyncOp, 'kind' | 'table'>): string =>
  `${deeds[op.kind] ?? op.kind[0]?.toUpperCase() + op.kind.slice(1)} ${called[op.table] ?? op.table}`;

/** A column's value in one line. */
export const valueText = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
};

/** Codes of the network layer, which an address or a person's eye cannot tell apart. */
const codes: readonly (readonly [code: RegExp, words: string])[] = [
  [/ECONNREFUSED/, 'nobody answers at its address'],
  [/ENOTFOUND|EAI_AGAIN/, 'the name of its address is not known here'],
  [/TIMEOUT|ETIMEDOUT|AbortError/i, 'no answer came in time'],
  [/UND_ERR_SOCKET|ECONNRESET|EPIPE|other side closed/, 'the connection was cut'],
  [/ENETUNREACH|EHOSTUNREACH|ENETDOWN/, 'there is no way to its network'],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/, 'its certificate is not trusted here'],
];

/** What was seen, for a person; null where the text speaks for itself. */
export const seenText = (evidence: string): string | null => codes.find(([code]) => code.test(evidence))?.[1] ?? null;
