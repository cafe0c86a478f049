/**
 * Programs that start again, across the whole fleet. After a reboot, or when the terminal server died, fifty agents would ask for their programs
 * within one second: they go one after the other, at moments that are not quite even. Where the programs of a profile end again as soon as they
 * begin, the next of them wait longer. Nobody waits here: who comes too early is told when to come again.
 */
import type { Clock } from '../ports/system.ts';

/**
 * An agent's chart gives a start a minute, and of two hundred that wait on a busy machine the last one needs half of it for itself. The more wait,
 * the closer together they go: nobody is told to wait longer than this.
 */
const LONGEST_MS = 30_000;
/** A program that lives this long has begun. */
const BEGUN_MS = 10_000;
/** Doublings of the space between two starts of a profile that fails, and how long that is remembered. */
const MOST_STRIKES = 6;
const FORGIVEN_MS = 120_000;

type Options = {
  clock: Pick<Clock, 'awake'>;
  /** 0 ≤ x < 1. */
  random: () => number;
  /** Milliseconds between two starts; 0 = none. */
  spacingMs: () => number;
};

export type RestartGate = {
  /** Milliseconds until this agent's turn; 0 = now, and only this once. */
  wait: (agent: string, profile: string) => number;
  /** Its program has ended, or did not begin. */
  ended: (agent: string) => void;
};

type Turn = { at: number; profile: string; taken: boolean };

export const restartGate = ({ clock, random, spacingMs }: Options): RestartGate => {
  const turns = new Map<string, Turn>();
  const strikes = new Map<string, { count: number; at: number }>();
  let freeAt = 0;

  const spaceFor = (profile: string, backlog: number): number => {
    const known = strikes.get(profile);
    const count = known && clock.awake() - known.at < FORGIVEN_MS ? known.count : 0;
    return spacingMs() * (0.5 + random()) * 2 ** count * Math.max(0, 1 - backlog / LONGEST_MS);
  };

  const newTurn = (agent: string, profile: string): Turn => {
    const now = clock.awake();
    for (const [id, { at, taken }] of turns) if (taken && now - at > BEGUN_MS) turns.delete(id);
    const at = Math.max(now, freeAt);
    freeAt = Math.min(now + LONGEST_MS, at + spaceFor(profile, at - now));
    const turn = { at, profile, taken: false };
    turns.set(agent, turn);
    return turn;
  };

  return {
    wait: (agent, profile) => {
      if (spacingMs() === 0) return 0;
      const known = turns.get(agent);
      const turn = known && !known.taken ? known : newTurn(agent, profile);
      const left = Math.ceil(turn.at - clock.awake());
      if (left <= 0) turn.taken = true;
      return Math.max(0, left);
    },
    ended: (agent) => {
      const turn = turns.get(agent);
      if (!turn?.taken) return;
      turns.delete(agent);
      const now = clock.awake();
      if (now - turn.at > BEGUN_MS) return;
      strikes.set(turn.profile, { count: Math.min(MOST_STRIKES, (strikes.get(turn.profile)?.count ?? 0) + 1), at: now });
    },
  };
};
