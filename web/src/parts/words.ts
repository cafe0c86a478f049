/** How a status looks: a tone, a sign and a word, so that no meaning hangs on colour alone. */

type Tone = 'work' | 'ask' | 'good' | 'bad' | 'rest';
export type Sign = 'play' | 'part' | 'ask' | 'answer' | 'clock' | 'check' | 'cross' | 'pause' | 'dots' | 'dash' | 'dot';
export type Look = { tone: Tone; sign: Sign };

const looks: Readonly<Record<string, Look>> = {
  working: { tone: 'work', sign: 'play' },
  busy: { tone: 'work', sign: 'play' },
  running: { tone: 'work', sign: 'play' },
  executing: { tone: 'work', sign: 'play' },
  remote: { tone: 'work', sign: 'play' },
  finishing: { tone: 'work', sign: 'part' },
  starting: { tone: 'work', sign: 'part' },
  launching: { tone: 'work', sign: 'part' },
  booting: { tone: 'work', sign: 'part' },
  syncing: { tone: 'work', sign: 'part' },
  stopping: { tone: 'work', sign: 'part' },
  routing: { tone: 'work', sign: 'part' },
  typing: { tone: 'work', sign: 'part' },
  submitted: { tone: 'work', sign: 'part' },
  accepted: { tone: 'work', sign: 'part' },
  turnStarted: { tone: 'work', sign: 'play' },
  needsApproval: { tone: 'ask', sign: 'ask' },
  pending: { tone: 'ask', sign: 'ask' },
  needsAnswer: { tone: 'ask', sign: 'answer' },
  limited: { tone: 'ask', sign: 'clock' },
  detecting: { tone: 'ask', sign: 'answer' },
  backoff: { tone: 'ask', sign: 'clock' },
  stuck: { tone: 'ask', sign: 'dash' },
  overBudget: { tone: 'ask', sign: 'pause' },
  offline: { tone: 'ask', sign: 'dash' },
  queuing: { tone: 'ask', sign: 'dots' },
  ready: { tone: 'good', sign: 'dot' },
  alive: { tone: 'good', sign: 'dot' },
  online: { tone: 'good', sign: 'check' },
  succeeded: { tone: 'good', sign: 'check' },
  allowed: { tone: 'good', sign: 'check' },
  answered: { tone: 'good', sign: 'check' },
  failed: { tone: 'bad', sign: 'cross' },
  lost: { tone: 'bad', sign: 'cross' },
  denied: { tone: 'bad', sign: 'cross' },
  signedOut: { tone: 'bad', sign: 'cross' },
  paused: { tone: 'rest', sign: 'pause' },
  suspended: { tone: 'rest', sign: 'pause' },
  interrupted: { tone: 'rest', sign: 'pause' },
  queued: { tone: 'rest', sign: 'dots' },
  blocked: { tone: 'rest', sign: 'dots' },
  held: { tone: 'rest', sign: 'pause' },
  scheduled: { tone: 'rest', sign: 'clock' },
  cancelled: { tone: 'rest', sign: 'dash' },
  sent: { tone: 'work', sign: 'part' },
  claimed: { tone: 'work', sign: 'part' },
  rejected: { tone: 'bad', sign: 'cross' },
  unreachable: { tone: 'ask', sign: 'dash' },
  offered: { tone: 'rest', sign: 'clock' },
  expired: { tone: 'rest', sign: 'dash' },
  superseded: { tone: 'rest', sign: 'dash' },
  withdrawn: { tone: 'rest', sign: 'dash' },
};

export const lookOf = (status: string): Look => looks[status] ?? { tone: 'rest', sign: 'dot' };

/** `needsApproval` → `needs approval`. */
export const wordsOf = (name: string): string => name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

/** Events whose names say too little. */
const better: Readonly<Record<string, string>> = { 'xstate.init': 'created', WATCH_END: 'is waited for' };

/** `WORKSPACE_READY` → `workspace ready`. */
export const eventWords = (type: string): string => {
  const after = /^xstate\.after\.([^.]+)\./.exec(type);
  if (after) return `after ${wordsOf(after[1] ?? '')}`;
  return better[type] ?? type.toLowerCase().replaceAll('_', ' ');
};

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
