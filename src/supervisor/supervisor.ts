/** Everything between the agents' charts and the terminal, assembled. */
import type { HandlerResult, Handlers } from '../../machines/effects.ts';
import type { Report } from '../api/contract/report.ts';
import { ensureError, type Result } from '../errors.ts';
import { joinNext } from '../lib/join-next.ts';
import { watchFolder } from '../lib/watch-folder.ts';
import { StoreFailure } from '../ports/store.ts';
import type { Cancel } from '../ports/system.ts';
import type { TerminalEvent } from '../ports/terminal.ts';
import { deliverHandler } from './deliver.ts';
import type { SupervisorDeps } from './deps.ts';
import { endHandlers } from './end.ts';
import { interruptHandler } from './interrupt.ts';
import { launchAgent } from './launch.ts';
import { createListener, type HookCall, type Listener } from './listen/listener.ts';
import { endings, heardOut } from './observe/endings.ts';
import { type Reconciled, reconciler } from './observe/reconcile.ts';
import { screenWatch } from './observe/screen-watch.ts';
import { terminalEvents } from './observe/terminal-events.ts';
import { keyOf, type Launch, places } from './places.ts';
import { probeHandler } from './probe.ts';
import { reports } from './reports.ts';
import { restartGate } from './restart-gate.ts';
import { screenStore } from './screens.ts';
import { spool } from './spool.ts';
import { steerHandlers } from './steer.ts';
import { workspaceHandlers } from './workspace.ts';

export type LocalHandlers = Omit<Handlers, 'link.prove' | 'link.catchUp' | 'link.close'>;

export type Supervisor = {
  handlers: LocalHandlers;
  /** Begins to listen to the terminal and to look after the spool. Call before `terminal.open()`, so that nothing is missed. */
  start: () => void;
  /** Stops listening; agents go on. */
  stop: () => Promise<void>;
  /** Drains the spool and compares actors with windows. To be awaited at start-up before effects run and the API listens; later ones run by themselves. */
  reconcile: () => Promise<Reconciled>;
  /** What was found last: windows that no agent knows. */
  orphans: () => Reconciled['orphans'];
  /** One call of an agent program's hook; a question is answered when somebody has decided, or with nothing when `left` is aborted. */
  hearHook: Listener['hear'];
  /** Answers every hook that is held with nothing: we stop, and its dialog stays on the screen. */
  letGoHooks: () => void;
  acceptReport: (agent: string, report: Report) => Promise<Result<{ approval: string | null }>>;
  /** Saved screen of a start that has ended, at most the last `bytes`; null when there is none. */
  savedScreen: (of: Launch, bytes?: number) => Promise<string | null>;
};

/** Between two prunings of the saved screens. */
const PRUNE_MS = 6 * 3_600_000;
/** The spool is also looked at this often, should the system not tell of changes. */
const SPOOL_MS = 30_000;
const SPOOL_SETTLE_MS = 200;
/** Between the wrapper's last word and its end. */
const EXIT_SETTLE_MS = 25;
/** Until what could not be stored is told again. */
const AGAIN_MS = 1_000;

export const createSupervisor = (deps: SupervisorDeps): Supervisor => {
  const where = places(deps.home);
  const screens = screenStore(where, deps.terminal);
  const told = reports(deps);
  const gate = restartGate({ clock: deps.clock, random: Math.random, spacingMs: deps.spacingMs });
  const ends = endings(deps, where, screens, gate.ended);
  const inHand = new Set<string>();
  const ending = endHandlers(deps, where, screens);
  const stopListening: Array<() => void> = [];
  const background = new Set<Promise<unknown>>();
  let orphans: Reconciled['orphans'] = [];
  let stopped = false;

  const aside = (what: string, work: Promise<unknown>): void => {
    const settled = work
      .catch((thrown: unknown) => deps.note(what, { error: ensureError(thrown).message }))
      .finally(() => background.delete(settled));
    background.add(settled);
  };

  const listener = createListener(deps, aside, (agent) => watching.watch(agent));
  const watching = screenWatch(deps, listener);
  const takers = {
    hashes: deps.agentTokenHashes,
    report: told.accept,
    hook: (agent: string, call: HookCall) => listener.hear(agent, call, AbortSignal.abort()),
  };
  let drainSoon = (): void => undefined;
  const spooled = spool(where, takers, deps.note, () => drainSoon());
  /** What a program said last is told before its end is, whoever finds that out. */
  const leaving = async (agent: string): Promise<void> => {
    await listener.leaving(agent);
    await spooled.empty();
  };
  const endsFound = heardOut(ends, leaving);
  const compare = reconciler(deps, where, { spool: spooled, ends: endsFound, adopt: watching.watch, catchUp: listener.catchUp });
  const steering = steerHandlers(deps, where, screens, listener.receipts);

  /** After this the program is expected to do something: its screen is looked at until it has. */
  const watched =
    <P extends { agent: string }>(handler: (params: P) => Promise<HandlerResult>) =>
    async (params: P): Promise<HandlerResult> => {
      const result = await handler(params);
      watching.watch(params.agent);
      return result;
    };

  const reconcile = joinNext(async (): Promise<Reconciled> => {
    const result = await compare();
    orphans = result.orphans;
    return result;
  });

  const onTerminal = terminalEvents(deps, {
    ends,
    inHand,
    titleChanged: watching.titleChanged,
    forget: watching.forget,
    leaving,
    connected: reconcile,
  });

  /** An end that could not be stored now (a full disk, a database that is held) is told again until it is: nobody else would tell it. */
  const insistOn = async (event: TerminalEvent): Promise<void> => {
    for (let said = false; ; said = true) {
      try {
        return await onTerminal(event);
      } catch (thrown) {
        if (!(thrown instanceof StoreFailure) || stopped) throw thrown;
        if (!said) deps.note('What the terminal told could not be stored yet; it is tried again.', { error: thrown.message });
        await new Promise<void>((resolve) => void deps.clock.after(AGAIN_MS, resolve));
      }
    }
  };

  /** The wrapper's file is there at once, tmux tells of an end within a second: asking it makes it look now. */
  const lookAfterExits = (): (() => void) => {
    let soon: Cancel | undefined;
    const ask = (): void => {
      soon?.();
      soon = deps.clock.after(EXIT_SETTLE_MS, () => aside('The terminal could not be asked.', deps.terminal.list()));
    };
    const watcher = watchFolder(where.exits, ask);
    return () => {
      soon?.();
      watcher?.close();
    };
  };

  const lookAfterScreens = (): (() => void) => {
    let timer: Cancel | undefined;
    const prune = (): void => {
      timer = deps.clock.after(PRUNE_MS, prune);
      aside('Old screens could not be removed.', screens.prune());
    };
    prune();
    return () => timer?.();
  };

  const lookAfterSpool = (): (() => void) => {
    let timer: Cancel | undefined;
    const drain = (): void => {
      timer?.();
      timer = deps.clock.after(SPOOL_MS, drain);
      aside('The spool could not be drained.', spooled.drain());
    };
    let soon: Cancel | undefined;
    drainSoon = () => {
      soon?.();
      soon = deps.clock.after(SPOOL_SETTLE_MS, drain);
    };
    const watcher = watchFolder(where.spool, drainSoon);
    drain();
    return () => {
      drainSoon = () => undefined;
      timer?.();
      soon?.();
      watcher?.close();
    };
  };

  return {
    handlers: {
      ...workspaceHandlers(deps),
      ...steering,
      ...interruptHandler(deps),
      'agent.launch': watched(launchAgent(deps, gate)),
      'agent.type': watched(steering['agent.type']),
      ...probeHandler(deps, endsFound, watching.look),
      'approval.deliver': watched(deliverHandler(deps, listener.held)['approval.deliver']),
      'agent.stop': ending['agent.stop'],
      async 'agent.kill'(params) {
        const key = keyOf(params);
        inHand.add(key);
        try {
          return await ending['agent.kill'](params);
        } finally {
          inHand.delete(key);
        }
      },
    },
    start() {
      stopListening.push(
        deps.terminal.on((event) => aside('What the terminal told could not be stored.', insistOn(event))),
        lookAfterSpool(),
        lookAfterExits(),
        lookAfterScreens(),
      );
    },
    async stop() {
      stopped = true;
      for (const end of stopListening.splice(0)) end();
      watching.stop();
      listener.stop();
      await Promise.all(background);
    },
    reconcile,
    orphans: () => orphans,
    acceptReport: told.accept,
    hearHook(agent, call, left) {
      // Whatever it says, it does something: its screen is looked at until it rests.
      watching.watch(agent);
      return listener.hear(agent, call, left);
    },
    letGoHooks: listener.held.releaseAll,
    savedScreen: screens.read,
  };
};
