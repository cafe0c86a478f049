/**
 * A {@link Terminal} without tmux: programs run as plain child processes on pipes, and die with this one. For tests and the demo.
 * What differs from a real terminal: no echo, no line discipline (Enter is a line end), and the screen is the last lines printed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fail, ok, type Result } from '../../src/errors.ts';
import { shortText } from '../../src/lib/short-text.ts';
import type { Clock } from '../../src/ports/system.ts';
import type { PaneExit, PaneFact, PaneRef, Terminal, TerminalEvent } from '../../src/ports/terminal.ts';
import { inTurns, isKeyName, pasteable } from './input.ts';
import { checkLaunch, validSize } from './launch.ts';
import { processTree, startOf } from './process-facts.ts';
import { gone, lost } from './reply.ts';

type FakePane = {
  fact: PaneFact;
  child: ChildProcess;
  printed: Buffer;
  rows: number;
  watchers: Set<(bytes: Uint8Array) => void>;
};

const KEPT_BYTES = 1024 * 1024;
const named: Record<string, string> = { Enter: '\n', Tab: '\t', Space: ' ', Escape: '\x1b', BSpace: '\x7f' };
let servers = 0;

export const fakeTerminal = ({ clock }: { clock: Clock }): Terminal => {
  const panes = new Map<string, FakePane>();
  /** Every key ever launched: one whose window is gone stays gone. */
  const keys = new Map<string, PaneRef>();
  const starting = new Map<string, Promise<Result<PaneRef>>>();
  const listeners = new Set<(event: TerminalEvent) => void>();
  let generation: string | null = null;
  let connected = false;
  let count = 0;

  const tell = (event: TerminalEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const find = (ref: PaneRef): Result<FakePane> => {
    if (!connected) return lost();
    const pane = panes.get(ref.pane);
    return pane === undefined || ref.generation !== generation ? gone(ref.pane) : ok(pane);
  };
  const write = (ref: PaneRef, bytes: string | Uint8Array): Result<void> => {
    const found = find(ref);
    if (!found.ok) return found;
    if (found.value.fact.dead) return gone(ref.pane);
    found.value.child.stdin?.write(bytes);
    return ok(undefined);
  };
  const paste = inTurns(async (pane, text, { submit, settleMs }) => {
    const ref = panes.get(pane)?.fact;
    if (ref === undefined) return gone(pane);
    const written = write(ref, pasteable(text));
    if (!written.ok || !submit) return written;
    if (settleMs > 0) await new Promise<void>((resolve) => clock.after(settleMs, resolve));
    return write(ref, '\n');
  });
  const screen = (pane: FakePane, history: number): string => {
    const lines = pane.printed.toString('utf8').replaceAll('\r', '').split('\n');
    while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
    return lines.slice(-(pane.rows + history)).join('\n');
  };
  const signal = (pid: number, name: NodeJS.Signals): void => {
    try {
      process.kill(pid, name);
    } catch {
      // It ended by itself in this moment.
    }
  };
  const close = (pane: FakePane): void => {
    panes.delete(pane.fact.pane);
    if (pane.fact.dead) return;
    signal(-pane.fact.pid, 'SIGHUP');
    tell({ type: 'gone', pane: refOf(pane.fact), key: pane.fact.key });
  };

  const start: Terminal['launch'] = async (spec) => {
    const life = generation ?? '';
    const [program = '', ...args] = spec.argv;
    const child = spawn(program, args, { cwd: spec.cwd, env: { TERM: 'dumb', ...spec.env }, detached: true, stdio: 'pipe' });
    const spawned = new Promise<string | null>((resolve) => {
      child.once('spawn', () => resolve(null));
      child.once('error', (error) => resolve(error.message));
    });
    const closed = new Promise<PaneExit>((resolve) => {
      child.on('close', (code, name) => resolve({ code, signal: name === null ? null : constants.signals[name] }));
    });
    const early: Buffer[] = [];
    let print = (bytes: Buffer): void => void early.push(bytes);
    // A pipe that broke is told by the exit.
    child.stdin.on('error', () => undefined);
    for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (bytes: Buffer) => print(bytes));
    const trouble = await spawned;
    count += 1;
    const pid = child.pid ?? 0;
    const ref = { generation: life, window: `@${count}`, pane: `%${count}`, pid, pidStart: (await startOf(pid)) ?? 'unknown' };
    const fact: PaneFact = {
      ...ref,
      key: spec.key,
      session: spec.session,
      title: shortText(spec.title, 60) || 'agent',
      dead: false,
      exit: null,
    };
    const pane: FakePane = { fact, child, printed: Buffer.alloc(0), rows: spec.size?.rows ?? 40, watchers: new Set() };
    panes.set(ref.pane, pane);
    keys.set(spec.key, ref);
    print = (bytes) => {
      pane.printed = Buffer.concat([pane.printed, bytes]).subarray(-KEPT_BYTES);
      for (const watcher of pane.watchers) watcher(bytes);
    };
    early.forEach(print);
    if (trouble !== null) print(Buffer.from(`${trouble}\n`));
    void (trouble === null ? closed : Promise.resolve({ code: 127, signal: null })).then((exit) => {
      if (panes.get(ref.pane) !== pane) return;
      fact.dead = true;
      fact.exit = exit;
      tell({ type: 'exit', pane: ref, key: spec.key, exit });
    });
    return ok(ref);
  };

  return {
    open: async () => {
      const fresh = generation === null;
      if (fresh) servers += 1;
      generation ??= `fake-${process.pid}:${servers}`;
      if (!connected) {
        connected = true;
        tell({ type: 'connected', generation });
      }
      return ok(generation);
    },
    generation: () => (connected ? generation : null),
    launch: async (spec) => {
      const checked = await checkLaunch(spec);
      if (!checked.ok) return checked;
      if (!connected) return lost();
      const known = keys.get(spec.key);
      if (known !== undefined) return panes.has(known.pane) ? ok(known) : gone(known.pane);
      const starts = starting.get(spec.key) ?? start(spec);
      starting.set(spec.key, starts);
      const result = await starts;
      starting.delete(spec.key);
      return result;
    },
    list: async () => (connected ? ok([...panes.values()].map((pane) => ({ ...pane.fact }))) : lost()),
    paste: async (ref, text, how) => {
      const found = find(ref);
      return found.ok ? paste(ref.pane, text, how) : found;
    },
    keys: async (ref, names) => {
      if (!names.every(isKeyName)) return fail('CCM_BAD_INPUT', 'There is no such key.', { field: 'keys' });
      if (!names.includes('C-c')) return write(ref, names.map((name) => named[name] ?? name).join(''));
      const found = find(ref);
      if (!found.ok) return found;
      if (found.value.fact.dead) return gone(ref.pane);
      signal(-ref.pid, 'SIGINT');
      return ok(undefined);
    },
    type: async (ref, bytes) => write(ref, bytes),
    capture: async (ref, { history = 0 } = {}) => {
      const found = find(ref);
      return found.ok ? ok(screen(found.value, history)) : found;
    },
    watch: async (ref, onBytes) => {
      const found = find(ref);
      if (!found.ok) return found;
      const pane = found.value;
      const begin = (): void => {
        onBytes(Buffer.from(`\x1b[2J\x1b[H${screen(pane, 0).replaceAll('\n', '\r\n')}`));
        pane.watchers.add(onBytes);
      };
      const end = (): void => void pane.watchers.delete(onBytes);
      begin();
      return ok({ pause: end, resume: begin, close: end });
    },
    resize: async (ref, cols, rows) => {
      if (!validSize({ cols, rows })) return fail('CCM_BAD_INPUT', 'A window has 2 to 1000 columns and rows.', { field: 'size' });
      const found = find(ref);
      if (!found.ok) return found;
      found.value.rows = rows;
      return ok(undefined);
    },
    kill: async (ref) => {
      const found = find(ref);
      if (found.ok) close(found.value);
      return found.ok || found.problem.code === 'CCM_PANE_GONE' ? ok(undefined) : found;
    },
    descendants: async (ref) => {
      const found = find(ref);
      return found.ok ? ok(await processTree(ref.pid)) : found;
    },
    attachCommand: (ref) => ['false', ref.pane],
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    killServer: async () => {
      const life = generation;
      for (const pane of panes.values()) if (!pane.fact.dead) signal(-pane.fact.pid, 'SIGHUP');
      panes.clear();
      keys.clear();
      generation = null;
      connected = false;
      if (life !== null) tell({ type: 'serverLost', generation: life });
      return ok(undefined);
    },
    close: async () => {
      connected = false;
    },
  };
};

const refOf = ({ generation, window, pane, pid, pidStart }: PaneFact): PaneRef => ({ generation, window, pane, pid, pidStart });
