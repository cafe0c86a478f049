/**
 * Reads the screens of interactive programs that do not report by themselves. Costs nothing for all others: only agents that are starting,
 * working or in doubt are looked at, every two seconds and shortly after their title changed, over the one connection there is. One that is
 * found waiting is left alone, without even a timer, until something is done to it.
 */
import { lastOf } from '../../lib/cut-text.ts';
import type { Reading } from '../../ports/agents.ts';
import type { Cancel } from '../../ports/system.ts';
import type { Terminal } from '../../ports/terminal.ts';
import { type AgentFacts, agentFacts, toldAt } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';

const EVERY_MS = 2_000;
const AFTER_TITLE_MS = 150;
const AFTER_KEYS_MS = 300;
/** The same reading is told again only while the agent does not agree with it, and not more often than this. */
const REPEAT_MS = 5_000;
/** A screen without a change for this long means that it waits for us; only for profiles without patterns. */
const SILENT_BOOT_MS = 3_000;
const SILENT_BUSY_MS = 20_000;

const agrees: Readonly<Record<Reading['fact'], string>> = {
  ready: 'ready',
  busy: 'busy',
  asking: 'needsAnswer',
  approval: 'needsApproval',
  limited: 'limited',
  interrupted: 'interrupted',
};
const looked = new Set(['booting', 'busy', 'detecting', 'needsAnswer', 'needsApproval', 'ready']);
const waits = new Set(['needsAnswer', 'needsApproval']);
/** Statuses in which a program's own next move is expected; in the others only a changed title makes us look. */
const hurried = new Set(['booting', 'busy', 'detecting']);

/** A hook tells of its own dialogs: one that has stood this long and was not told of is one whose hook was lost. */
const UNTOLD_MS = 4_000;
/**
 * How long an idle screen may only mean that a hook is on its way, and how long a dialog that was decided may still be drawn. With a look before
 * and a doubt after it, what no hook and no file tells is settled within ten seconds. On a machine that is slow itself all of it takes longer.
 */
const HOOK_MS = 4_500;
const DECIDED_MS = 7_000;
const SLOWEST_MS = 10_000;
/** A hook takes at most so many times as long as our own looks come late. */
const SLOWER = 10;
const idle = new Set<Reading['fact']>(['ready', 'interrupted', 'limited']);
const asksPerson = (reading: Reading): boolean => reading.fact === 'asking' || reading.fact === 'approval';

/** Times are awake milliseconds: they outlast a clock that is set, and a machine that sleeps. */
type Watched = {
  title: string;
  screen: string;
  changedAt: number;
  told: Reading['fact'] | null;
  toldAt: number;
  asked: string | null;
  /** Since when every look showed a dialog; null: the last one showed none. */
  dialogSince: number | null;
  /** What was read last, and since when. */
  reading: Reading['fact'] | null;
  readingSince: number;
  soon: Cancel | null;
  /** Looks again when it has rested for long enough. */
  rested: Cancel | null;
};

type Deps = Pick<SupervisorDeps, 'actors' | 'drivers' | 'clock' | 'note' | 'ownConfig'> & { terminal: Pick<Terminal, 'capture' | 'keys'> };

type Hearing = {
  /** A dialog that was seen on a screen is seen no more. */
  dialogClosed: (agent: string) => Promise<void>;
  /** The end of its turn was told, and is about to be believed. */
  isEnding: (agent: string) => boolean;
};

export type ScreenWatch = {
  /** From now on, until it is forgotten; again after something was done to it (typed, decided). Does nothing for programs that end by themselves. */
  watch: (agent: string) => void;
  forget: (agent: string) => void;
  titleChanged: (agent: string, title: string) => void;
  /** Looks at once, for a probe. */
  look: (agent: string) => Promise<void>;
  stop: () => void;
};

export const screenWatch = (
  { actors, terminal, drivers, clock, note, ownConfig }: Deps,
  { dialogClosed, isEnding }: Hearing,
): ScreenWatch => {
  const watched = new Map<string, Watched>();
  /** Those of them that something is expected of. */
  const active = new Set<string>();
  let tick: Cancel | null = null;
  /** By how much looks came late, and took: of the worst of them less and less. */
  let late = 0;
  const notice = (ms: number): void => void (late = Math.max(ms, late * 0.8));
  const patience = (ms: number): number => Math.min(SLOWEST_MS, ms + SLOWER * late);

  const tell = async (facts: AgentFacts, item: Watched, reading: Reading, source: 'pane' | 'silence'): Promise<void> => {
    const [now, awake] = [clock.now(), clock.awake()];
    if (agrees[reading.fact] === facts.status && !(asksPerson(reading) && openAsks(facts.id) === 0)) {
      item.told = reading.fact;
      return;
    }
    if (item.told === reading.fact && awake - item.toldAt < REPEAT_MS) return;
    item.told = reading.fact;
    item.toldAt = awake;
    const event = { id: actors.newId(), at: now, by: 'screen', source, observedAt: now };
    if (!asksPerson(reading)) {
      await actors.send(facts.id, { ...event, type: 'OBSERVED', launch: facts.launch, fact: reading.fact, detail: reading.detail });
      return;
    }
    // A question on the screen is one a person can answer from anywhere: the answer is typed.
    item.asked = actors.newId();
    const ask = {
      approval: item.asked,
      kind: reading.fact === 'approval' ? 'approval' : 'question',
      text: question(reading.asks ?? item.screen) || reading.detail,
      tool: null,
      choices: [...(reading.choices ?? [])],
      expiresAt: null,
    };
    await actors.send(facts.id, { ...event, type: 'ASKED', ...ask });
  };

  const withdraw = async (item: Watched): Promise<void> => {
    const approval = item.asked;
    item.asked = null;
    const state = approval === null ? null : actors.state(approval);
    if (approval === null || state?.status !== 'pending') return;
    await actors.send(approval, { type: 'WITHDRAW', id: `withdraw:${approval}`, at: clock.now(), by: 'screen' });
  };

  /** What waits for a person already. */
  const openAsks = (agent: string): number => {
    const asks = actors.state(agent)?.context['asks'];
    return Array.isArray(asks) ? asks.length : 0;
  };

  /** It is said to ask, and nobody is asked anything: only its screen can tell what it does. */
  const isStuck = (agent: string): boolean => waits.has(actors.state(agent)?.status ?? '') && openAsks(agent) === 0;

  /** Nobody was asked about the dialog that is seen, and it is not the one that was decided a moment ago and is still drawn. */
  const isUntold = ({ id }: AgentFacts, { dialogSince }: Watched, awake: number): boolean => {
    const decided = clock.now() - toldAt(actors.state(id), 'keys');
    // Decided in time to come: the clock was set back, and nobody knows how long ago that was.
    const drawn = decided >= 0 && decided < patience(DECIDED_MS);
    return openAsks(id) === 0 && dialogSince !== null && awake - dialogSince >= UNTOLD_MS && !drawn;
  };

  /** What stands in the box then is our own text, and its Enter is being seen to: whether it was taken is known in a few seconds. */
  const isOnItsWay = (agent: string): boolean => {
    const current = actors.state(agent)?.context['current'];
    const status = typeof current === 'string' ? actors.state(current)?.status : undefined;
    return status === 'typing' || status === 'submitted';
  };

  const look = async (agent: string): Promise<void> => {
    const facts = agentFacts(actors.state(agent));
    if (!facts || facts.exit !== null || facts.pane === null || facts.profile.mode !== 'interactive') return;
    const item = watched.get(agent) ?? begin(agent);
    const began = clock.awake();
    const captured = await terminal.capture(facts.pane);
    if (!captured.ok) return;
    const now = clock.awake();
    notice(now - began);
    if (captured.value !== item.screen) {
      item.screen = captured.value;
      item.changedAt = now;
    }
    const driver = drivers[facts.profile.kind];
    const screen = { text: item.screen, title: item.title };
    const keys = driver?.opening?.(screen, ownConfig(facts.profile.name));
    if (keys) return open(agent, facts.pane, keys);
    const seen = driver?.read(facts.profile, screen) ?? null;
    // A person writes; only where a turn should go on does it mean that there is none.
    const reading = seen?.unsent && (!(facts.status === 'busy' || isStuck(agent)) || isOnItsWay(agent)) ? null : seen;
    const asking = reading !== null && asksPerson(reading);
    if (item.dialogSince !== null && !asking) await dialogClosed(agent);
    const hooked = driver?.listening !== undefined;
    // What a hook asks meanwhile is what stands there now.
    if (!asking || (hooked && openAsks(facts.id) > 1)) await withdraw(item);
    item.dialogSince = asking ? (item.dialogSince ?? now) : null;
    if (hooked && asking && !isUntold(facts, item, now)) return undefined;
    // Its dialog may not be drawn yet: what else is seen meanwhile says nothing against the hook that told of it.
    if (hooked && facts.status === 'needsApproval' && !isStuck(agent)) return undefined;
    if (item.reading !== (reading?.fact ?? null)) {
      item.reading = reading?.fact ?? null;
      item.readingSince = now;
    }
    // Where hooks tell of every turn, an idle screen is the last resort: it is idle, too, while a hook or a message is on its way.
    if (hooked && facts.status === 'busy' && reading && idle.has(reading.fact)) {
      const left = item.readingSince + patience(HOOK_MS) - now;
      if (left > 0) item.rested ??= clock.after(left, () => void lookRested(agent, item));
      if (left > 0 || isEnding(agent) || isOnItsWay(agent)) return undefined;
    }
    if (reading) return tell(facts, item, reading, 'pane');
    if (facts.profile.ready !== null || facts.profile.busy !== null) return;
    const quiet = now - item.changedAt;
    const enough = facts.status === 'booting' ? SILENT_BOOT_MS : SILENT_BUSY_MS;
    if (hurried.has(facts.status) && quiet >= enough) {
      const detail = `nothing moved on its screen for ${Math.round(quiet / 1000)} s`;
      await tell(facts, item, { fact: 'ready', detail }, 'silence');
    }
  };
  const lookRested = (agent: string, item: Watched): Promise<void> => {
    item.rested = null;
    return lookSafely(agent);
  };
  /** A question before the beginning: answered, and looked at again at once for the next one. */
  const open = async (agent: string, pane: NonNullable<AgentFacts['pane']>, keys: readonly string[]): Promise<void> => {
    await terminal.keys(pane, keys);
    const item = watched.get(agent);
    item?.soon?.();
    if (item) item.soon = clock.after(AFTER_KEYS_MS, () => void lookSafely(agent));
  };
  const lookSafely = (agent: string): Promise<void> =>
    look(agent).catch((thrown: unknown) => note('A screen could not be read.', { agent, error: String(thrown) }));

  const begin = (agent: string): Watched => {
    const item: Watched = {
      title: '',
      screen: '',
      changedAt: clock.awake(),
      told: null,
      toldAt: Number.NEGATIVE_INFINITY,
      asked: null,
      // Asked before we came: by now it is drawn.
      dialogSince: openAsks(agent) > 0 ? clock.awake() : null,
      reading: null,
      readingSince: 0,
      soon: null,
      rested: null,
    };
    watched.set(agent, item);
    return item;
  };
  const isExpected = (agent: string): boolean =>
    hurried.has(actors.state(agent)?.status ?? '') || watched.get(agent)?.asked != null || isStuck(agent);
  const round = async (due: number): Promise<void> => {
    notice(clock.awake() - due);
    for (const agent of active) if (!isExpected(agent)) active.delete(agent);
    await Promise.all([...active].map(lookSafely));
    tick = active.size > 0 ? nextRound() : null;
  };
  const nextRound = (): Cancel => {
    const due = clock.awake() + EVERY_MS;
    return clock.after(EVERY_MS, () => void round(due));
  };
  const expect = (agent: string): void => {
    active.add(agent);
    tick ??= nextRound();
  };
  const lookSoon = (agent: string): void => {
    const item = watched.get(agent);
    item?.soon?.();
    if (!item) return;
    item.soon = clock.after(AFTER_TITLE_MS, () => {
      expect(agent);
      void lookSafely(agent);
    });
  };

  return {
    look,
    watch(agent) {
      if (agentFacts(actors.state(agent))?.profile.mode !== 'interactive') return;
      if (!watched.has(agent) && begin(agent).dialogSince !== null) lookSoon(agent);
      expect(agent);
    },
    forget(agent) {
      watched.get(agent)?.soon?.();
      watched.get(agent)?.rested?.();
      watched.delete(agent);
      active.delete(agent);
    },
    titleChanged(agent, title) {
      const item = watched.get(agent);
      if (!item) return;
      item.title = title;
      if (looked.has(actors.state(agent)?.status ?? '')) lookSoon(agent);
    },
    stop() {
      tick?.();
      for (const item of watched.values()) {
        item.soon?.();
        item.rested?.();
      }
      watched.clear();
      active.clear();
    },
  };
};

/** The last lines that say something: what a person must see to answer. */
const question = (screen: string): string =>
  lastOf(
    screen
      .split('\n')
      // Blanks and a frame say nothing.
      .map((line) => line.replace(/^[\s│┃║]*[│┃║] ?/u, '').replace(/[\s│┃║]+$/u, ''))
      .filter((line) => /[\p{L}\p{N}]/u.test(line))
      .slice(-12)
      .join('\n'),
    4_000,
  );
