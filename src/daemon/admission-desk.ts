/** Asks the admission rule whenever tasks have moved, inside the committing transaction, and remembers why the others wait. */
import { admit, type Hold, holdSentence, type Limits, type Occupant, type Waiting } from '../../machines/admission.ts';
import type { Profile } from '../../machines/effects.ts';
import type { ViewRow, Views } from '../ports/store.ts';
import type { Cancel, Clock, Log } from '../ports/system.ts';
import type { ActorState, Addressed, Transaction } from '../runtime/types.ts';

/** Statuses in which a task may hold a place. `paused` is one only while its agent is suspended, which its tag tells. */
const OCCUPYING = ['starting', 'working', 'needsApproval', 'needsAnswer', 'limited', 'stopping', 'finishing', 'paused'];
const PAGE = 200;
/** After a commit that failed: a disk that is full for a moment. */
const RETRY_MS = 1_000;
/** Said although it follows: with it the index holds the few that are meant, not every task there ever was. */
const open = { kind: 'task', ended: false } as const;

export type AdmissionDesk = {
  afterSteps: (touched: ReadonlySet<string>, now: number) => Addressed[];
  /** Sentences for `ccm why`; empty when nothing holds the task. */
  waiting: (task: string) => string[];
  /** Asks again soon: what it goes by was changed. */
  again: () => void;
  /** Nothing begins any more: the daemon ends. What is queued waits for the next one. */
  stop: () => void;
};

export const admissionDesk = (options: {
  views: Pick<Views, 'list'>;
  state: (id: string) => ActorState | null;
  newId: () => string;
  clock: Clock;
  limits: Limits;
  /** A budget that keeps tasks of a project from starting now, or null. */
  closed?: (project: string, now: number) => Waiting['spent'];
  log: Log;
  transaction: (work: (transaction: Transaction) => void) => Promise<void>;
}): AdmissionDesk => {
  const { views, clock, limits } = options;
  let lastGrantAt: number | null = null;
  let holds = new Map<string, Hold>();
  let alarm: Cancel | undefined;
  let stopped = false;

  const occupants = (): Occupant[] =>
    OCCUPYING.flatMap((status) => views.list({ ...open, status, limit: 1000 })).flatMap((row) => {
      const state = options.state(row.id);
      if (!state?.tags.includes('occupies')) return [];
      return [{ id: row.id, project: row.project ?? '', profile: profileOf(state).name, isolated: state.context['isolated'] === true }];
    });

  const candidate =
    (now: number) =>
    (row: ViewRow): Waiting | null => {
      const state = options.state(row.id);
      if (!state) return null;
      const profile = profileOf(state);
      const isolated = state.context['isolated'] === true;
      return {
        id: row.id,
        project: row.project ?? '',
        profile: profile.name,
        profileLimit: profile.concurrency,
        priority: row.priority,
        since: row.createdAt,
        isolated,
        spent: options.closed?.(row.project ?? '', now) ?? null,
      };
    };

  const grants = (now: number): Addressed[] => {
    const found: Addressed[] = [];
    // The agents that end with the daemon make room: what began there would be ended half done.
    if (stopped) return found;
    holds = new Map();
    if (views.list({ ...open, status: 'queued', limit: 1 }).length === 0) return found;
    const places = occupants();
    let againAt: number | null = null;
    for (let offset = 0; ; offset += PAGE) {
      const rows = views.list({ ...open, status: 'queued', order: 'priority', limit: PAGE, offset });
      const waiting = rows.map(candidate(now)).filter((one) => one !== null);
      const answer = admit(waiting, places, limits, now, lastGrantAt);
      for (const id of answer.grants) {
        const granted = waiting.find((one) => one.id === id);
        if (granted) places.push(granted);
        lastGrantAt = now;
        found.push({ to: id, event: { type: 'GRANTED', agent: options.newId(), message: options.newId(), conversation: options.newId() } });
      }
      for (const [id, hold] of answer.holds) holds.set(id, hold);
      if (answer.againAt !== null) againAt = Math.min(answer.againAt, againAt ?? answer.againAt);
      // With every place taken the rest of the queue waits for the same reason.
      if (rows.length < PAGE || places.length >= limits.concurrency) break;
    }
    askAgain(againAt, now);
    return found;
  };

  const askAgain = (at: number | null, now: number) => {
    if (at === null) return;
    alarm?.();
    alarm = clock.after(Math.max(1, at - now), () => {
      const before = lastGrantAt;
      options
        .transaction((transaction) => {
          for (const { to, event } of grants(clock.now())) transaction.send(to, { ...event, by: 'admission' });
        })
        .catch((error: unknown) => {
          options.log.error({ err: String(error) }, 'waiting tasks could not be admitted; it is tried again');
          // Nobody else asks while nothing moves, and nothing may move until one of them begins.
          lastGrantAt = before;
          askAgain(clock.now() + RETRY_MS, clock.now());
        });
    });
  };

  return {
    afterSteps: (touched, now) => (touched.has('task') ? grants(now) : []),
    waiting: (task) => {
      const hold = holds.get(task);
      if (hold) return [holdSentence(hold, [...holds.keys()].indexOf(task))];
      return options.state(task)?.status === 'queued' ? [`All ${limits.concurrency} places are taken.`] : [];
    },
    again: () => askAgain(0, 0),
    stop: () => {
      stopped = true;
      alarm?.();
    },
  };
};

const profileOf = (state: ActorState): Profile => state.context['profile'] as Profile;
