/**
 * The wiring: the only file that picks adapters. Top to bottom is the order of a start: lock, files, database, actors, terminal, what was
 * missed meanwhile, effects, and the door last. A stop goes the other way; a power cut at any line is the same as a stop.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { agentDrivers, exitWrapper } from '../adapters/agents/index.ts';
import { gitWorkspaces } from '../adapters/git/index.ts';
import { secretStore } from '../adapters/secrets/index.ts';
import { inheritedSockets, serviceNotifier } from '../adapters/service/index.ts';
import { openStore } from '../adapters/sqlite/index.ts';
import { connectHub, hubAddress } from '../adapters/supabase/index.ts';
import { insideAgent, lockHome, systemClock, systemIds } from '../adapters/system/index.ts';
import { probeTmux, tmuxTerminal } from '../adapters/tmux/index.ts';
import { kinds } from '../machines/index.ts';
import { createApp } from './api/app.ts';
import { tokenDesk } from './api/auth/tokens.ts';
import { decisionWaiters } from './api/streams/decision-waiters.ts';
import { prepareHome } from './config/home-folder.ts';
import { liveConfig } from './config/live.ts';
import type { Config } from './config.ts';
import { actorsFor } from './daemon/actors-for.ts';
import { admissionDesk } from './daemon/admission-desk.ts';
import { agentAccess } from './daemon/agent-access.ts';
import { agentOver } from './daemon/agent-over.ts';
import { awayPolicy } from './daemon/away-policy.ts';
import { budgetWatch } from './daemon/budget-watch.ts';
import { cliTokenFile } from './daemon/cli-token.ts';
import { configOfHome } from './daemon/config-of-home.ts';
import type { Daemon, DaemonOptions } from './daemon/daemon-options.ts';
import { departure } from './daemon/departure.ts';
import { endAgents, endTerminal } from './daemon/end-agents.ts';
import { daemonFacts } from './daemon/facts.ts';
import { beginDemo, welcome } from './daemon/first-run.ts';
import { handover } from './daemon/handover.ts';
import { housekeeping } from './daemon/housekeeping.ts';
import { listen, refuseTaken, takeOver } from './daemon/listen.ts';
import { daemonLog } from './daemon/log.ts';
import { payerOf } from './daemon/payer-of.ts';
import { removeRunFile, writeRunFile } from './daemon/run-file.ts';
import { syncDesk } from './daemon/sync-desk.ts';
import { version } from './daemon/version.ts';
import { CcmError, type Result } from './errors.ts';
import { findProgram } from './lib/find-program.ts';
import { budgetBook } from './money/budgets.ts';
import { usageDesk } from './money/desk.ts';
import { turnCounter } from './money/turns.ts';
import { ruleOn } from './policy/rules.ts';
import { createRuntime } from './runtime/index.ts';
import { farProjects } from './services/elsewhere.ts';
import { createServices } from './services/index.ts';
import { installPrograms } from './supervisor/install.ts';
import { createSupervisor } from './supervisor/supervisor.ts';

const must = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new CcmError(result.problem.code, result.problem.detail, result.problem.extra);
};
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** @throws CcmError with a code of the catalogue: CCM_HOME_LOCKED, CCM_PORT_TAKEN, CCM_TMUX_MISSING, CCM_CONFIG_INVALID, CCM_DB_… */
export const startDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const env = { ...process.env, CCM_HOME: options.home };
  const load = configOfHome(options.home, [process.execPath, here(`../adapters/agents/demo/agent.${extension}`)]);
  const config = must(load());
  if (options.turn) {
    must(await probeTmux());
    await options.turn();
  }
  const { repaired } = must(prepareHome(config.home));
  const undo: Array<() => unknown> = [];
  const lock = must(lockHome(config.home.root));
  undo.push(() => lock.release());
  try {
    return await start(config, load, options, env, undo, repaired);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
};

const start = async (
  first: Config,
  load: () => Result<Config>,
  options: DaemonOptions,
  env: Record<string, string | undefined>,
  undo: Array<() => unknown>,
  repaired: string[],
): Promise<Daemon> => {
  const { home } = first;
  const log = daemonLog({
    file: options.log ?? home.daemonLog,
    level: process.env['CCM_LOG_LEVEL'] ?? 'info',
    journal: options.journal ? (line) => void process.stderr.write(line) : undefined,
  });
  const note = (sentence: string, facts: Record<string, unknown>) => log.warn(facts, sentence);
  for (const sentence of repaired) log.warn({}, sentence);
  const sockets = options.sockets ?? inheritedSockets(env, process.pid);
  if (sockets.length === 0) await refuseTaken(options.port ?? first.port);
  const tmux = must(await probeTmux());
  const clock = systemClock();
  const ids = systemIds();
  const startedAt = clock.now();
  const live = liveConfig({ first, load, clock, note, changed: () => desk.again() });
  const { config } = live;
  undo.push(live.stop);

  const store = must(openStore({ file: home.database, now: startedAt }));
  undo.push(() => store.close());
  const terminal = tmuxTerminal({ home: home.tmux, clock, log: note });
  undo.push(() => terminal.close());
  const workspaces = gitWorkspaces({});
  const ended = Promise.withResolvers<Error>();

  const runtime = createRuntime({
    kinds,
    store,
    clock,
    ids,
    random: Math.random,
    log,
    generation: () => terminal.generation(),
    afterSteps: (touched, now) => [...desk.afterSteps(touched, now), ...hub.engine.afterSteps()],
    witness: turnCounter({ book: store.turns, agent: (id) => payerOf(runtime.state(id)) }),
    onFatal: (error) => ended.resolve(error),
  });
  const budgets = budgetBook({ book: store.usage, budgets: () => config.budgets, project: (id) => store.projects.get(id)?.name });
  const desk = admissionDesk({
    views: store.views,
    state: (id) => runtime.state(id),
    newId: () => runtime.newId(),
    clock,
    limits: config,
    closed: budgets.closed,
    log,
    transaction: runtime.transaction,
  });
  undo.push(() => desk.stop());

  const tokens = tokenDesk({ tokens: store.tokens, clock, ids, random: randomBytes });
  const cliToken = cliTokenFile(home.token, tokens);
  const drivers = agentDrivers();
  const secrets = secretStore({ folder: home.secrets, clock, prefer: config.secrets });
  const access = agentAccess({ config, drivers, secrets });
  const waiters = decisionWaiters(clock);
  const parts = { runtime, store, clock, ids, log, config, secrets, connect: connectHub, address: hubAddress };
  const hub = syncDesk(Object.assign(parts, { services: () => services }));
  undo.push(() => hub.engine.stop());
  let port = options.port ?? config.port;
  let url = '';
  const cli = here(`cli/main.${extension}`);
  const wrapper = exitWrapper;
  must(await installPrograms({ home: home.root, exitWrapper: wrapper, node: process.execPath, cli }));
  const supervisor = createSupervisor({
    home: home.root,
    actors: actorsFor(runtime),
    terminal,
    workspaces,
    projects: store.projects,
    drivers,
    clock,
    exitWrapper: wrapper,
    environment: env,
    permissions: (name) => config.profilePermissions(name),
    usage: usageDesk({
      book: store.usage,
      prices: () => config.prices,
      clock,
      agent: (id) => payerOf(runtime.state(id)),
      late: (of) => note('What an agent used was told too late to be told from what is counted: it is not.', of),
      spent: budgetWatch({ budgets, runtime, clock, log }),
    }),
    ruling: (asked) => ruleOn(config.policy, { ...asked, project: store.projects.get(asked.project)?.name ?? '' }),
    approvalMs: () => config.approvalMs,
    memory: store.kv,
    profileEnv: access.env,
    ownConfig: (name) => config.ownConfig(name),
    telemetry: (name) => config.telemetry(name),
    agentToken: (agent) => tokens.issueForAgent(agent).secret,
    agentTokenHashes: (agent) => tokens.hashesOfAgent(agent),
    spacingMs: () => config.spacingMs,
    hookUrl: () => url,
    awaited: (approval, ms) => waiters.awaited(approval, ms),
    note,
  });
  supervisor.start();
  undo.push(() => supervisor.stop());
  must(await terminal.open());

  const agentPath = `${home.bin}:${env['PATH'] ?? ''}`;
  const services = createServices({
    runtime,
    store,
    kinds,
    config,
    clock,
    secrets,
    workspaces,
    terminal,
    waiting: desk.waiting,
    savedScreen: async (agent) => {
      const launch = Number(runtime.state(agent)?.context['launch'] ?? 0);
      return supervisor.savedScreen({ agent, launch });
    },
    lacks: access.lacks,
    findProgram: (command) => findProgram(command, agentPath, home.root),
    elsewhere: { ...farProjects(store.sync), ...hub.service.remote },
    daemon: {
      ...daemonFacts({ version, tmux: tmux.version, startedAt, terminal, backup: (target) => store.backup(target), home: home.root }),
      url: () => url,
      sync: () => hub.service.status(),
      renewToken: cliToken.renew,
      demo: (caller) => beginDemo(home.root, services, caller),
      stop: (agents) => void leave(agents),
      handOver: async () => {
        const heir = await succession.start();
        if (heir.ok) void leave('keep');
        return heir;
      },
    },
  });
  let ready = false;
  const opened = Promise.withResolvers<void>();
  const app = await createApp({
    services,
    sync: hub.service,
    runtime,
    terminal,
    config,
    clock,
    desk: tokens,
    acceptReport: supervisor.acceptReport,
    hearHook: supervisor.hearHook,
    waiters,
    notReady: () => (ready ? null : 'The daemon is starting.'),
    opened: opened.promise,
    version,
    webRoot: here('../web/dist'),
    idempotency: store.idempotency,
    audit: { book: store.audit, commit: (work) => store.commit(work) },
    port: () => port,
    log,
    insideAgent: insideAgent(() => port),
  });
  undo.push(() => app.close());

  const wanted = options.port ?? config.port;
  const door = sockets.length > 0 ? await takeOver(app, sockets, note) : await listen(app, wanted);
  undo.push(() => door.close());
  port = door.port;
  const succession = handover({ home, doors: () => door.servers, env, clock, log });
  if (port !== wanted && wanted !== 0) note('the door we were handed is at another port than config.toml says', { port, wanted });
  url = `http://127.0.0.1:${port}`;
  await hub.service.resume();
  const booted = await runtime.boot(
    { ...supervisor.handlers, ...hub.engine.handlers },
    { drain: async () => void (await supervisor.reconcile()) },
  );
  log.info({ ...booted }, 'ready');
  await hub.begin();
  must(await cliToken.ensure());
  undo.push(() => removeRunFile(home.run, process.pid));
  const told = (pid: number) => writeRunFile(home.run, { pid, port, url, startedAt: new Date(startedAt).toISOString(), version });
  must(await told(process.pid));
  ready = true;
  opened.resolve();
  const notifier = serviceNotifier({ env, pid: process.pid, clock, log: note });
  void notifier.ready(() => {
    const agents = runtime.list({ kind: 'agent', ended: false, limit: 1000 }).length;
    return `${url}, ${agents} agents, ${terminal.generation() === null ? 'no connection to tmux' : 'connected to tmux'}`;
  });

  const stopAway = awayPolicy({ runtime, tasks: services.tasks, clock, log, afterMs: () => config.hereAfterMs });
  const stopTidying = housekeeping({
    runtime,
    usage: store.usage,
    tokens: store.tokens,
    agentOver: agentOver(runtime),
    audit: store.audit,
    marks: services.marks,
    clock,
    log,
    journalAgeMs: config.journalAgeMs,
  });

  const left = Promise.withResolvers<number | null>();
  const leave = departure(log, [
    () => left.resolve(succession.heir()?.pid ?? null),
    () => void notifier.stopping(),
    () => succession.callOff(),
    async () => {
      const heir = succession.heir();
      // Callers find the heir's door, which is ours, open all the time; they wait there.
      if (heir) await told(heir.pid);
      else removeRunFile(home.run, process.pid);
    },
    stopTidying,
    stopAway,
    live.stop,
    () => hub.engine.stop(),
    desk.stop,
    supervisor.letGoHooks,
    () => door.close(),
    () => app.close(),
    (agents) => agents === 'stop' && endAgents(runtime, clock, log),
    () => runtime.shutdown(),
    () => supervisor.stop(),
    (agents) => agents === 'stop' && endTerminal(terminal, home.root, log),
    () => terminal.close(),
    () => store.close(),
    () => undo[0]?.(),
    () => succession.heir()?.free(),
  ]);
  void ended.promise.then((error) => {
    log.error({ err: error.message }, 'the database cannot be trusted any more; the daemon stops so that nothing is lost');
    log.flush();
    process.exit(1);
  });
  const firstRun =
    store.projects.list({ removed: true }).length === 0 && env['CCM_NO_DEMO'] === undefined && (await welcome(home.root, services, log));
  return { url, link: async () => `${url}/#k=${tokens.issueLink().secret}`, stop: () => leave('keep'), left: left.promise, firstRun };
};
