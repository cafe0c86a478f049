/** A status as people read it: a glyph, the word, a colour. A status this version does not know is shown as it is. */
import type { Ink, Paint } from './paint.ts';
import type { Cell } from './table.ts';

type Look = readonly [glyph: string, ink: keyof Omit<Paint, 'on'>];

const going: Look = ['●', 'green'];
const starting: Look = ['◐', 'cyan'];
const waiting: Look = ['○', 'dim'];
const person: Look = ['!', 'yellow'];
const good: Look = ['✓', 'green'];
const bad: Look = ['✗', 'red'];
const ended: Look = ['■', 'dim'];
const halted: Look = ['‖', 'blue'];

const ofTasks: Readonly<Record<string, Look>> = {
  running: going,
  working: going,
  scheduled: waiting,
  blocked: waiting,
  queued: waiting,
  routing: waiting,
  preparing: starting,
  starting,
  finishing: starting,
  concluding: starting,
  stopping: starting,
  needsApproval: person,
  needsAnswer: person,
  limited: halted,
  overBudget: person,
  stuck: person,
  paused: halted,
  interrupted: ['‖', 'yellow'],
  succeeded: good,
  failed: bad,
  cancelled: ended,
  expired: ended,
  superseded: ended,
  // Tasks that travel
  held: waiting,
  offered: waiting,
  claimed: waiting,
  remote: going,
  unreachable: ['?', 'yellow'],
};

const looks: Readonly<Record<string, Look>> = {
  ...ofTasks,
  // Agents
  launching: starting,
  booting: starting,
  ready: ['●', 'blue'],
  busy: going,
  detecting: ['?', 'yellow'],
  backoff: ['◐', 'yellow'],
  lost: bad,
  exited: ended,
  absent: waiting,
  // Messages and approvals
  typing: starting,
  submitted: starting,
  accepted: starting,
  turnStarted: going,
  answered: good,
  pending: person,
  allowed: good,
  denied: bad,
  withdrawn: ended,
};

/** What `--status` takes. */
export const taskStatuses: readonly string[] = Object.keys(ofTasks);

/** `needsApproval` → `needs approval`. */
export const statusWord = (status: string): string => status.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

/** The other way round, as somebody types what the list shows: `needs answer`, `needs-answer`. */
export const statusNamed = (word: string): string => word.trim().replaceAll(/[ -]([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const statusInk = (status: string, paint: Paint): Ink => {
  const look = looks[status];
  return look ? paint[look[1]] : (text) => text;
};

export const statusText = (status: string): string => `${looks[status]?.[0] ?? '·'} ${statusWord(status)}`;

export const statusCell = (status: string, paint: Paint): Cell => ({ text: statusText(status), paint: statusInk(status, paint) });
