/** The real {@link Terminal}: our own tmux server behind one control-mode connection. */
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import type { Cancel, Clock } from '../../src/ports/system.ts';
import type { PaneRef, Terminal, TerminalEvent } from '../../src/ports/terminal.ts';
import type { ControlClient } from './client.ts';
import { killWindow, paster, sendBytes, sendKeys } from './input.ts';
import { checkLaunch, launchLines, validSize } from './launch.ts';
import { link } from './link.ts';
import { noticeReader, subscriptions } from './notices.ts';
import { isAlive, processTree } from './process-facts.ts';
import { done, gone, lost, outputs } from './reply.ts';
import { reapMissed, roster } from './roster.ts';
import { captureCommand, readCapture } from './screen.ts';
import { restoreSocket } from './server.ts';
import { generationOf, type ServerRecord } from './server-record.ts';
import { hashOfHome } from './socket-path.ts';
import { streams } from './streams.ts';

export { probeTmux } from './probe.ts';

export type TmuxOptions = {
  /** Absolute path of the state folder, which exists. */
  home: string;
  /** Tells this home from others in names outside of it (scope, fallback folders). Default: from the path. */
  homeHash?: string;
  clock: Clock;
  /** Told what went wrong and was handled. */
  log?: (what: string, detail: Record<string, unknown>) => void;
  /** Name or path. Default `tmux`. */
  tmuxBinary?: string;
  /** `auto`: in a systemd scope where there is a user manager. */
  scope?: 'auto' | 'off';
  /** Where PATH, HOME, XDG_RUNTIME_DIR and DBUS_SESSION_BUS_ADDRESS are looked up. Default: this process's environment. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Octal file mask of the agents (`022`). Default: this process's. */
  umask?: string;
};

/** For `ccm doctor`. Null while unknown. */
type TmuxFacts = {
  socket: string | null;
  serverPid: number | null;
  connected: boolean;
  scope: string | null;
  /** Why it runs outside of a scope. */
  scopeReason: string | null;
  /** Why there is no connection. */
  trouble: string | null;
  /** Bytes of terminal output received so far: stands still while nobody watches. */
  streamed: number;
};

export type TmuxTerminal = Terminal & { facts(): TmuxFacts };

/** What nobody notifies is looked at so often, in milliseconds: ends that tmux missed, a deleted socket. Files only, no process, no command. */
const SWEEP_MS = 2000;

export const tmuxTerminal = (options: TmuxOptions): TmuxTerminal => {
  const { clock } = options;
  const log = options.log ?? (() => undefined);
  const listeners = new Set<(event: TerminalEvent) => void>();
  const tell = (event: TerminalEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (thrown) {
        log('a listener of terminal events failed', { event: event.type, message: ensureError(thrown).message });
      }
    }
  };

  /** The connection as the roster uses it: also while it is being set up. */
  let session: { client: ControlClient; record: ServerRecord } | null = null;
  /** Events found while connecting wait until `connected` was told. */
  let held: TerminalEvent[] | null = null;
  let sweep: Cancel | null = null;
  let streamed = 0;

  const panes = roster(
    clock,
    () => session,
    (event) => (held === null ? tell(event) : held.push(event)),
  );
  const live = streams(() => session?.client ?? null, log);
  const refresh = (): void => void panes.refresh();

  const sweepLater = (): void => {
    sweep = clock.after(SWEEP_MS, () => {
      const now = session;
      if (now === null) return;
      void Promise.all([reapMissed(now.record, panes.facts()), restoreSocket(now.record, clock)]).then(([found]) => {
        if (found) refresh();
        if (session === now) sweepLater();
      });
    });
  };

  const connection = link(
    {
      home: options.home,
      hash: options.homeHash ?? hashOfHome(options.home),
      clock,
      binary: options.tmuxBinary ?? 'tmux',
      scope: options.scope ?? 'auto',
      env: options.env ?? process.env,
      umask: options.umask,
      log,
    },
    {
      attached: async (client, record) => {
        session = { client, record };
        held = [];
        for (const subscription of subscriptions) void client.send([subscription], () => undefined);
        // Silences every pane, so that output may be let through after it.
        const reached = await panes.refresh();
        if (reached) void client.send(["refresh-client -f '!no-output'"], () => undefined);
        if (!reached) session = null;
        return reached;
      },
      connected: () => {
        const now = session;
        const found = held ?? [];
        held = null;
        if (now === null) return;
        tell({ type: 'connected', generation: generationOf(now.record) });
        found.forEach(tell);
        live.reattach();
        sweepLater();
      },
      output: (pane, bytes) => {
        streamed += bytes.length;
        live.output(pane, bytes);
      },
      notice: noticeReader({
        changed: refresh,
        stalled: live.stalled,
        title: (pane, title) => {
          const member = panes.get(pane);
          if (member === undefined || member.programTitle === title) return;
          member.programTitle = title;
          tell({ type: 'title', pane: member.ref, key: member.key, title });
        },
      }),
      detached: () => {
        session = null;
        sweep?.();
      },
      serverLost: (generation) => {
        session = null;
        panes.clear();
        live.clear();
        tell({ type: 'serverLost', generation });
      },
    },
  );

  /** Refuses what is not about a pane that exists now. */
  const on = async <T>(pane: PaneRef, act: (client: ControlClient) => Promise<Result<T>>): Promise<Result<T>> => {
    const client = connection.client();
    const record = connection.record();
    if (client === null || record === null) return lost();
    const known = panes.get(pane.pane);
    if (pane.generation !== generationOf(record) || known === undefined || known.ref.pid !== pane.pid) return gone(pane.pane);
    return act(client);
  };

  const paste = paster(connection.client, clock);

  return {
    open: connection.open,
    generation: () => {
      const record = connection.record();
      return connection.client() === null || record === null ? null : generationOf(record);
    },
    launch: async (spec) => {
      const checked = await checkLaunch(spec);
      if (!checked.ok) return checked;
      const client = connection.client();
      if (client === null) return lost();
      const { create, tidy } = launchLines(spec);
      const made = client.sendBody(create, (reply) => outputs(reply, spec.key));
      void client.send([tidy], () => undefined);
      const result = await made;
      if (!(await panes.refresh())) return lost();
      const member = panes.byKey(spec.key);
      if (member !== undefined) return ok(member.ref);
      if (!result.ok) return fail('CCM_TMUX_REFUSED', result.problem.detail);
      return fail('CCM_PANE_GONE', 'What was launched under this key is gone: its window was closed.', { key: spec.key });
    },
    list: async () => (connection.client() !== null && (await panes.refresh()) ? ok(panes.facts()) : lost()),
    paste: (pane, text, how) => on(pane, () => paste(pane.pane, text, how)),
    keys: (pane, keys) => on(pane, (client) => sendKeys(client, pane.pane, keys)),
    type: (pane, bytes) => on(pane, (client) => sendBytes(client, pane.pane, bytes)),
    capture: (pane, { history = 0, styled = false } = {}) =>
      on(pane, (client) => client.send([captureCommand(pane.pane, history, styled)], (reply) => readCapture(reply, pane.pane))),
    watch: (pane, onBytes) => on(pane, () => live.watch(pane.pane, onBytes)),
    resize: async (pane, cols, rows) => {
      if (!validSize({ cols, rows })) return fail('CCM_BAD_INPUT', 'A window has 2 to 1000 columns and rows.', { field: 'size' });
      return on(pane, (client) => client.send([`resize-window -t ${pane.pane} -x ${cols} -y ${rows}`], (reply) => done(reply, pane.pane)));
    },
    kill: async (pane) => {
      const result = await on(pane, (client) => killWindow(client, pane.pane));
      if (!result.ok) return result.problem.code === 'CCM_PANE_GONE' ? ok(undefined) : result;
      return (await panes.refresh()) ? result : lost();
    },
    descendants: (pane) =>
      on(pane, async () => {
        // A number that belongs to another process by now has no descendants of ours.
        return ok((await isAlive(pane.pid, pane.pidStart)) ? await processTree(pane.pid) : []);
      }),
    attachCommand: (pane) => {
      const socket = connection.record()?.socket ?? '';
      // Follows the person's window size from now on, until the browser resizes it again. TMUX would refuse a tmux inside another.
      const tmux = ['env', '-u', 'TMUX', options.tmuxBinary ?? 'tmux', '-S', socket];
      return [...tmux, 'set-window-option', '-t', pane.window, 'window-size', 'latest', ';', 'attach-session', '-t', pane.window];
    },
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    killServer: connection.killServer,
    close: async () => {
      await connection.close();
      live.clear();
    },
    facts: () => {
      const record = connection.record();
      return {
        socket: record?.socket ?? null,
        serverPid: record?.pid ?? null,
        connected: connection.client() !== null,
        scope: record?.scope ?? null,
        scopeReason: record?.scopeReason ?? null,
        trouble: connection.trouble(),
        streamed,
      };
    },
  } satisfies TmuxTerminal;
};
