/** A terminal of one window that a test plays by hand: what its screen shows, how its program ends, whether there is a server at all. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { PaneExit, PaneFact, Terminal, TerminalEvent } from '../../src/ports/terminal.ts';

export type PlayedTerminal = Terminal & {
  screen: string;
  /** All that was typed or pressed, oldest first. */
  typed: string[];
  /** Whoever sits in the window; hears what is typed. */
  program: { paste?: (text: string) => void; keys?: (keys: readonly string[]) => void };
  title: (title: string) => void;
  rename: (title: string) => void;
  /** The window's process has ended; `told`: the terminal says so at once. */
  dies: (exit: PaneExit, told?: boolean) => void;
  gone: (told?: boolean) => void;
  serverLost: (told?: boolean) => void;
  /** Listeners of a daemon that is no more hear nothing. */
  deafen: () => void;
};

export const playedTerminal = (): PlayedTerminal => {
  const listeners = new Set<(event: TerminalEvent) => void>();
  let servers = 1;
  let count = 0;
  let pane: PaneFact | null = null;
  const generation = (): string => `played:${servers}`;
  const tell = (event: TerminalEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const lost = (): Result<never> => fail('CCM_PANE_GONE', 'The window is gone.');
  const into = (act: () => void): Result<void> => {
    if (!pane || pane.dead) return lost();
    act();
    return ok(undefined);
  };
  const played: PlayedTerminal = {
    screen: '',
    typed: [],
    program: {},
    open: async () => {
      tell({ type: 'connected', generation: generation() });
      return ok(generation());
    },
    generation,
    launch: async ({ key, session, title }) => {
      if (pane?.key === key) return ok(pane);
      count += 1;
      // No process has this number.
      pane = {
        generation: generation(),
        window: `@${count}`,
        pane: `%${count}`,
        pid: 2 ** 30 + count,
        pidStart: '1',
        key,
        session,
        title,
        dead: false,
        exit: null,
      };
      return ok(pane);
    },
    list: async () => ok(pane ? [{ ...pane }] : []),
    paste: async (_pane, text, { submit }) =>
      into(() => {
        played.typed.push(text, ...(submit ? ['Enter'] : []));
        played.program.paste?.(text);
        if (submit) played.program.keys?.(['Enter']);
      }),
    keys: async (_pane, keys) =>
      into(() => {
        played.typed.push(...keys);
        played.program.keys?.(keys);
      }),
    type: async () => ok(undefined),
    capture: async () => (pane ? ok(played.screen) : lost()),
    watch: async () => ok({ pause: () => undefined, resume: () => undefined, close: () => undefined }),
    resize: async () => ok(undefined),
    kill: async () => {
      pane = null;
      return ok(undefined);
    },
    descendants: async () => ok([]),
    attachCommand: () => ['false'],
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    killServer: async () => ok(undefined),
    close: async () => undefined,
    title: (title) => {
      if (pane) tell({ type: 'title', pane, key: pane.key, title });
    },
    rename: (title) => {
      if (pane) pane = { ...pane, title };
    },
    dies: (exit, told = true) => {
      if (!pane) return;
      pane = { ...pane, dead: true, exit };
      if (told) tell({ type: 'exit', pane, key: pane.key, exit });
    },
    gone: (told = true) => {
      const before = pane;
      pane = null;
      if (told && before) tell({ type: 'gone', pane: before, key: before.key });
    },
    serverLost: (told = true) => {
      const before = generation();
      pane = null;
      servers += 1;
      if (told) tell({ type: 'serverLost', generation: before });
    },
    deafen: () => listeners.clear(),
  };
  return played;
};
