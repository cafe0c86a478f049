/** Which panes are ours and how they stand: compared with tmux's answer whenever something may have changed, which makes the events. */
import { ensureError } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/system.ts';
import type { Generation, PaneExit, PaneFact, PaneRef, TerminalEvent } from '../../src/ports/terminal.ts';
import type { ControlClient } from './client.ts';
import { HUB } from './config.ts';
import { isAlive, isZombie, startOf } from './process-facts.ts';
import { quote } from './quote.ts';
import { listCommand, type PaneRow, readRows } from './rows.ts';
import { generationOf, type ServerRecord } from './server-record.ts';

type Member = {
  ref: PaneRef;
  key: string;
  title: string;
  session: string;
  dead: boolean;
  exit: PaneExit | null /** As the program set it last. */;
  programTitle: string;
};

export type Roster = {
  /** Asks tmux and brings the roster up to date. False: the connection ended. One at a time; callers that come meanwhile share the next one. */
  refresh: () => Promise<boolean>;
  facts: () => PaneFact[];
  get: (pane: string) => Member | undefined;
  byKey: (key: string) => Member | undefined;
  /** Another server, or none: nothing of before exists. */
  clear: () => void;
};

/** tmux 3.3a now and then misses the end of a child. Told to look again, it finds out within milliseconds. */
const STATUS_TRIES = 5;
const STATUS_WAIT_MS = 30;

export const roster = (
  clock: Clock,
  source: () => { client: ControlClient; record: ServerRecord } | null,
  emit: (event: TerminalEvent) => void,
): Roster => {
  const members = new Map<string, Member>();
  /** Panes that send no output unless somebody watches, per connection. */
  let silenced = new WeakMap<ControlClient, Set<string>>();
  const waiters: Array<(result: Promise<boolean>) => void> = [];
  let busy = false;

  const ask = (client: ControlClient): Promise<Map<string, PaneRow> | null> =>
    client.send([listCommand], (reply) => (reply?.[0]?.ok ? readRows(reply[0].lines()) : null));

  /**
   * Whether tmux owes us the end of this one. A program that closed its terminal and works on counts as dead for tmux, without a
   * status: for us it lives until its process is gone.
   */
  const owed = async (row: PaneRow): Promise<boolean> => {
    if (!row.dead || row.key === '' || row.exit.code !== null || row.exit.signal !== null) return false;
    if (members.get(row.pane)?.dead) return false;
    const start = row.start || (await startOf(row.pid));
    row.dead = start === null || !(await isAlive(row.pid, start));
    return row.dead;
  };

  /** Rows in which every dead pane has its exit status, if tmux can be brought to tell it. */
  const askFully = async (client: ControlClient, record: ServerRecord): Promise<Map<string, PaneRow> | null> => {
    for (let tries = 0; ; tries += 1) {
      const rows = await ask(client);
      if (rows === null) return null;
      const missing = (await Promise.all([...rows.values()].map(owed))).includes(true);
      if (!missing || tries === STATUS_TRIES) return rows;
      await lookAgain(record);
      await new Promise<void>((resolve) => clock.after(STATUS_WAIT_MS, resolve));
    }
  };

  const adopt = async (client: ControlClient, generation: Generation, row: PaneRow): Promise<Member> => {
    const pidStart = row.start || (row.dead ? null : await startOf(row.pid)) || 'unknown';
    if (row.start === '') void client.send([`set-option -p -t ${row.pane} @ccm_start ${quote(pidStart)}`], () => undefined);
    const ref = { generation, window: row.window, pane: row.pane, pid: row.pid, pidStart };
    return { ref, key: row.key, title: row.title, session: row.home, dead: false, exit: null, programTitle: '' };
  };

  /** New panes send output by default, and are heard of by notice only in the attached session. */
  const tame = (client: ControlClient, rows: Map<string, PaneRow>): void => {
    const done = silenced.get(client) ?? new Set();
    silenced.set(client, done);
    const fresh = [...rows.values()].filter((row) => !done.has(row.pane));
    if (fresh.length > 0) void client.send([`refresh-client ${fresh.map((row) => `-A '${row.pane}:pause'`).join(' ')}`], () => undefined);
    for (const row of fresh) done.add(row.pane);
    for (const row of rows.values()) {
      if (row.key === '' || row.sessions.has(HUB)) continue;
      void client.send([`link-window -d -s ${row.window} -t '=${HUB}:'`], () => undefined);
    }
  };

  const compare = async (): Promise<boolean> => {
    const from = source();
    if (from === null) return false;
    const { client, record } = from;
    const rows = await askFully(client, record);
    if (rows === null) return false;
    tame(client, rows);
    for (const [pane, member] of members) {
      const row = rows.get(pane);
      // Another pid in the same pane: a person restarted it, and what ran there is not what we launched.
      if (row !== undefined && row.key === member.key && row.pid === member.ref.pid) continue;
      members.delete(pane);
      if (!member.dead) emit({ type: 'gone', pane: member.ref, key: member.key });
    }
    for (const row of rows.values()) {
      if (row.key === '') continue;
      const member = members.get(row.pane) ?? (await adopt(client, generationOf(record), row));
      members.set(row.pane, member);
      if (!row.dead || member.dead) continue;
      member.dead = true;
      member.exit = row.exit;
      emit({ type: 'exit', pane: member.ref, key: member.key, exit: row.exit });
    }
    return true;
  };

  const run = async (): Promise<void> => {
    busy = true;
    // A comparison under way may have asked before the change that a later caller knows of: that one gets the next.
    while (waiters.length > 0) {
      const batch = waiters.splice(0);
      const result = await compare().then(
        (reached) => () => Promise.resolve(reached),
        (error: unknown) => () => Promise.reject(ensureError(error)),
      );
      for (const settle of batch) settle(result());
    }
    busy = false;
  };

  const refresh = (): Promise<boolean> =>
    new Promise((resolve) => {
      waiters.push(resolve);
      if (!busy) void run();
    });

  return {
    refresh,
    facts: () => [...members.values()].map(({ ref, key, title, session, dead, exit }) => ({ ...ref, key, session, title, dead, exit })),
    get: (pane) => members.get(pane),
    byKey: (key) => [...members.values()].find((member) => member.key === key),
    clear: () => {
      members.clear();
      silenced = new WeakMap();
    },
  };
};

/** Tells the server to reap. The pid is checked first: it may be another process by now. */
const lookAgain = async (record: ServerRecord): Promise<void> => {
  if (await isAlive(record.pid, record.start)) process.kill(record.pid, 'SIGCHLD');
};

/** Ends that tmux has not noticed at all: a child that is a zombie while its pane counts as alive. */
export const reapMissed = async (record: ServerRecord, facts: readonly PaneFact[]): Promise<boolean> => {
  const zombies = await Promise.all(facts.filter((fact) => !fact.dead).map((fact) => isZombie(fact.pid)));
  if (!zombies.includes(true)) return false;
  await lookAgain(record);
  return true;
};
