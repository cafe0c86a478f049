/** One installation for a test: a home, the real charts, a terminal, the real drivers, and a `ccm` that writes into the spool. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { agentDrivers, exitWrapper } from '../../../adapters/agents/index.ts';
import { gitWorkspaces } from '../../../adapters/git/index.ts';
import { fakeTerminal } from '../../../adapters/tmux/fake.ts';
import { tmuxTerminal } from '../../../adapters/tmux/index.ts';
import type { EffectParams, Handler, Profile } from '../../../machines/effects.ts';
import { ok } from '../../../src/errors.ts';
import { sealItem, tokenHash } from '../../../src/lib/spool-proof.ts';
import type { Usage } from '../../../src/ports/agent-hooks.ts';
import type { Terminal } from '../../../src/ports/terminal.ts';
import type { SupervisorDeps, Told } from '../../../src/supervisor/deps.ts';
import { installPrograms } from '../../../src/supervisor/install.ts';
import { createSupervisor, type LocalHandlers } from '../../../src/supervisor/supervisor.ts';
import { memoryKeyValue } from '../../support/memory-key-value.ts';
import { realClock } from '../../support/real-clock.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';
import { charts, projectId } from './charts.ts';

export const profileOf = (changes: Partial<Profile> = {}): Profile => ({
  name: 'test',
  kind: 'custom',
  command: ['true'],
  envNames: [],
  mode: 'oneshot',
  prompt: 'stdin',
  ready: null,
  busy: null,
  ask: null,
  restart: 'never',
  maxRestarts: 0,
  resumable: false,
  bootMs: 60_000,
  idleMs: 600_000,
  settleMs: 50,
  concurrency: 0,
  timeoutMs: 0,
  autoResume: true,
  ...changes,
});

export type WorldOptions = { real?: boolean; env?: Record<string, string>; home?: string; deps?: Partial<SupervisorDeps> };

export const world = async (options: WorldOptions = {}) => {
  const home = options.home ?? (await tempFolder());
  const project = join(home, 'project');
  await mkdir(project, { recursive: true });
  const cli = join(home, 'stand-in.mjs');
  await writeFile(cli, standIn);
  const installed = await installPrograms({ home, exitWrapper, node: process.execPath, cli });
  if (!installed.ok) throw new Error(installed.problem.detail);

  const terminal: Terminal = options.real ? tmuxTerminal({ home, clock: realClock, scope: 'off' }) : fakeTerminal({ clock: realClock });
  const actors = charts();
  const used: Array<Usage & { agent: string; source: string }> = [];
  const notes: Array<{ sentence: string; facts: Record<string, unknown> }> = [];
  const deps: SupervisorDeps = {
    home,
    actors,
    terminal,
    workspaces: gitWorkspaces(),
    projects: { get: () => ({ name: 'Example project', path: project, trusted: false }) },
    drivers: agentDrivers(),
    clock: realClock,
    exitWrapper,
    environment: { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', CCM_HOME: home, SECRET_OF_THE_DAEMON: 'hidden' },
    permissions: () => ({ mode: null, allow: [], deny: [], addDirs: [] }),
    usage: { heard: (agent, usage, from) => used.push({ agent, ...usage, ...from }) > 0 },
    ruling: () => null,
    approvalMs: () => 0,
    memory: memoryKeyValue(),
    profileEnv: async () => ok({ CCM_DEMO_PACE: '5', ...options.env }),
    ownConfig: () => false,
    telemetry: () => false,
    agentToken: tokenOf,
    agentTokenHashes: (agent) => [tokenHash(tokenOf(agent))],
    spacingMs: () => 0,
    hookUrl: () => 'http://127.0.0.1:9',
    awaited: () => Promise.resolve(false),
    note: (sentence, facts) => notes.push({ sentence, facts }),
    ...options.deps,
  };
  const supervisor = createSupervisor(deps);
  supervisor.start();
  const opened = await terminal.open();
  if (!opened.ok) throw new Error(opened.problem.detail);
  onTestFinished(async () => {
    // Also after a failure nothing of a test may live on; a stopped program would survive the end of its terminal.
    for (const { id } of actors.list('agent')) await run('agent.kill', facts(id), id);
    actors.stopAll();
    await supervisor.stop();
    await terminal.killServer();
    await terminal.close();
  });

  /** Runs a handler as the outbox would and brings its outcomes to the actors. */
  const run = async <N extends keyof LocalHandlers>(name: N, params: EffectParams[N], actor: string) => {
    const handler: Handler<N> = supervisor.handlers[name];
    const result = await handler(params, { actor, effectId: 'test', attempt: 1 });
    if ('outcomes' in result) {
      for (const { to, event } of result.outcomes) {
        const told = { ...event, id: actors.newId(), at: Date.now(), by: 'effect' } satisfies Told;
        // Messages have no actor here.
        if (actors.state(to ?? actor)) await actors.send(to ?? actor, told);
      }
    }
    return result;
  };
  const context = (agent: string) => actors.state(agent)?.context ?? {};
  const facts = (agent: string) => {
    const { launch, pane, profile } = context(agent) as Pick<EffectParams['agent.kill'], 'launch' | 'pane' | 'profile'>;
    return { agent, launch, pane, profile };
  };
  const onPane = (agent: string) => {
    const { pane, profile } = facts(agent);
    if (!pane) throw new Error('it has no window');
    return { agent, pane, profile };
  };
  const launch = (agent: string, more: Partial<EffectParams['agent.launch']> = {}) => {
    const all = context(agent) as EffectParams['agent.launch'];
    const { task, title, launch: number, profile, workspace, prompt, conversation } = all;
    return run(
      'agent.launch',
      { agent, task, project: projectId, title, launch: number, profile, workspace, prompt, resume: null, conversation, ...more },
      agent,
    );
  };

  return {
    home,
    project,
    terminal,
    actors,
    supervisor,
    deps,
    notes,
    used,
    run,
    launch,
    facts,
    onPane,
    /** Makes an agent and starts its program. */
    async begin(changes: Partial<Profile>, prompt: string | null = 'do it') {
      const agent = actors.agent(profileOf(changes), workspaceIn(project), prompt);
      const result = await launch(agent);
      return { agent, result };
    },
    exited: (agent: string, boundMs = 20_000) =>
      until(`the end of ${agent}`, () => actors.of('PROCESS_EXITED').find((event) => event.to === agent), boundMs),
    fact: (agent: string, fact: string) =>
      until(`${fact} of ${agent}`, () => actors.of('OBSERVED').find((event) => event.to === agent && event['fact'] === fact)),
  };
};
export type World = Awaited<ReturnType<typeof world>>;

const tokenOf = (agent: string): string => `ccm_token_of_${agent}`;
/** A file of the spool as `ccm` writes it. */
export const sealed = (agent: string, item: object): string => sealItem(agent, tokenOf(agent), JSON.stringify(item));

const workspaceIn = (dir: string) => ({ dir, worktree: null, branch: null, base: null, notes: [] });

/** `ccm report …` while no daemon answers: a file in the spool. `ask` says nothing, as if nobody could be asked. */
const standIn = `
import { spoolItem } from '${new URL('../../../src/cli/spool.ts', import.meta.url).href}';
import { randomUUID } from 'node:crypto';
const [, , , report, ...rest] = process.argv;
if (report === 'ask') process.exit(4);
const id = randomUUID();
const text = rest[0] === '--' ? rest[1] : rest[0];
const { CCM_HOME, CCM_AGENT_ID: agent, CCM_HOOK_TOKEN: token } = process.env;
const item = { report, ...(text === undefined ? {} : { text }), id, at: Date.now() };
await spoolItem(CCM_HOME + '/spool', { agent, token }, item);
`;
