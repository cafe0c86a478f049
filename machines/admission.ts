/**
 * Who may start now. One pure function, run inside the committing transaction; its grants are events. Invariants:
 * never more than `concurrency` tasks occupy a place; never more than a profile's own limit; a project folder without git holds one task
 * at a time; higher priority first, then the older; a waiting task never blocks one that needs a place it does not.
 */

export type Waiting = {
  id: string;
  project: string;
  profile: string;
  /** The profile's own limit; 0 = none. */
  profileLimit: number;
  /** −10 … 10, higher first. */
  priority: number;
  /** When it began to wait, ms since 1970. */
  since: number;
  /** Works in a worktree of its own. */
  isolated: boolean;
  /** A budget of its project or of the day that is used up, and when the next one begins. Millionths of a dollar. */
  spent?: { scope: 'project' | 'day'; limit: number; spent: number; until: number } | null;
};
export type Occupant = Pick<Waiting, 'id' | 'project' | 'profile' | 'isolated'>;
export type Limits = {
  /** Tasks that occupy a place at once. */
  concurrency: number;
  /** Least time between two grants, ms; 0 = none. */
  spacingMs: number;
};

/** Why a task still waits. */
export type Hold =
  | { kind: 'concurrency'; running: number; limit: number }
  | { kind: 'profile'; profile: string; running: number; limit: number }
  | { kind: 'budget'; scope: 'project' | 'day'; limit: number; spent: number; until: number }
  | { kind: 'folder'; by: string }
  | { kind: 'spacing'; until: number };

export type Admission = {
  grants: string[];
  holds: Map<string, Hold>;
  /** Ask again at this time, null when only an event can change anything. */
  againAt: number | null;
};

export const admit = (
  waiting: readonly Waiting[],
  occupants: readonly Occupant[],
  limits: Limits,
  now: number,
  lastGrantAt: number | null,
): Admission => {
  const places = new Map<string, Occupant>(occupants.map((o) => [o.id, o]));
  const holds = new Map<string, Hold>();
  const grants: string[] = [];
  let last = lastGrantAt;
  let againAt: number | null = null;
  const order = [...waiting].sort((a, b) => b.priority - a.priority || a.since - b.since || (a.id < b.id ? -1 : 1));
  for (const task of order) {
    const hold = holdOf(task, [...places.values()], limits, now, last);
    if (hold) {
      holds.set(task.id, hold);
      if (hold.kind === 'spacing' || hold.kind === 'budget') againAt = Math.min(hold.until, againAt ?? hold.until);
      continue;
    }
    places.set(task.id, task);
    grants.push(task.id);
    last = now;
  }
  return { grants, holds, againAt };
};

const holdOf = (task: Waiting, places: readonly Occupant[], limits: Limits, now: number, last: number | null): Hold | null => {
  // Said first: a free place would not help it.
  if (task.spent) return { kind: 'budget', ...task.spent };
  if (places.length >= limits.concurrency) return { kind: 'concurrency', running: places.length, limit: limits.concurrency };
  const same = places.filter((o) => o.profile === task.profile).length;
  if (task.profileLimit > 0 && same >= task.profileLimit)
    return { kind: 'profile', profile: task.profile, running: same, limit: task.profileLimit };
  const folder = task.isolated ? undefined : places.find((o) => o.project === task.project && !o.isolated);
  if (folder) return { kind: 'folder', by: folder.id };
  if (last !== null && limits.spacingMs > 0 && now >= last && now - last < limits.spacingMs)
    return { kind: 'spacing', until: last + limits.spacingMs };
  return null;
};

/** The sentence `ccm why` prints. */
export const holdSentence = (hold: Hold, ahead: number): string => {
  const line = ahead > 0 ? ` ${ahead} waiting before it.` : '';
  switch (hold.kind) {
    case 'concurrency':
      return `All ${hold.limit} places are taken.${line}`;
    case 'profile':
      return `Agent "${hold.profile}" runs ${hold.running} of at most ${hold.limit} at once.${line}`;
    case 'budget': {
      const whose = hold.scope === 'day' ? 'The budget of the day' : "Its project's budget of the day";
      const [spent, limit] = [hold.spent, hold.limit].map((micro) => `$${(micro / 1_000_000).toFixed(2)}`);
      return `${whose} is used up (${spent} of ${limit}): it starts at midnight, or when [budget] in config.toml allows more.`;
    }
    case 'folder':
      return `Its project has no git, so one task works there at a time.${line}`;
    case 'spacing':
      return `Starts are spaced out; the next one is due shortly.${line}`;
  }
};
