/** Starts an agent's program: profile → driver → files and environment → a window of its own. */
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EffectParams, HandlerResult } from '../../machines/effects.ts';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import { findProgram } from '../lib/find-program.ts';
import { shortOf } from '../ports/system.ts';
import type { SupervisorDeps } from './deps.ts';
import { agentEnvironment } from './environment.ts';
import { freeze, signalAll } from './family.ts';
import { findPane } from './find-pane.ts';
import { keyOf, type Launch, places } from './places.ts';
import { mayPass, told, trouble } from './replies.ts';
import { slugOf } from './workspace.ts';

type Params = EffectParams['agent.launch'];

export const launchAgent =
  (deps: SupervisorDeps) =>
  async (params: Params): Promise<HandlerResult> => {
    const { agent, task, launch, profile, workspace } = params;
    const where = places(deps.home);
    const driver = deps.drivers[profile.kind];
    if (!driver)
      return trouble(fail('CCM_AGENT_UNKNOWN', `Agents of kind ${profile.kind} cannot be driven by this version.`).problem, false);
    const folder = where.launch({ agent, launch });
    const plan = driver.plan({ ...params, folder });
    if (!plan.ok) return trouble(plan.problem, false);
    const { argv, files, stdin } = plan.value;

    const env = agentEnvironment({
      from: deps.environment,
      bin: where.bin,
      driver: plan.value.env,
      profile: deps.profileEnv(profile.name),
      agent,
      task,
      hookUrl: deps.hookUrl(),
      token: await deps.agentToken(agent),
    });
    const program = await findProgram(argv[0], env['PATH'] ?? '', workspace.dir);
    if (program === null)
      return trouble(
        fail('CCM_AGENT_NOT_FOUND', `\`${argv[0]}\` of agent \`${profile.name}\` was not found in ${env['PATH']}.`).problem,
        false,
      );

    const input = join(folder, 'stdin');
    const written = await writeAll([...files, ...(stdin === null ? [] : [{ path: input, content: stdin }])], [folder, where.exits]);
    if (!written.ok) return trouble(written.problem);
    const cleared = await clearEarlier(deps, { agent, launch });
    if (!cleared.ok) return trouble(cleared.problem, true);
    const pane = await deps.terminal.launch({
      key: keyOf({ agent, launch }),
      session: sessionOf(deps.projects.get(params.project)?.name, params.project),
      title: params.title,
      cwd: workspace.dir,
      argv: ['/bin/sh', where.wrapper, where.exit({ agent, launch }), stdin === null ? '-' : input, program, ...argv.slice(1)],
      env,
    });
    if (!pane.ok) return mayPass(pane.problem) ? trouble(pane.problem) : told('LAUNCH_FAILED', { launch, problem: pane.problem });
    return told('LAUNCHED', { launch, pane: pane.value });
  };

/**
 * One agent is one program. What an earlier start left alive (a lost window does not end a program that ignores hang-ups) would work in the
 * same folder beside the new one.
 */
const clearEarlier = async ({ terminal }: SupervisorDeps, of: Launch): Promise<Result<void>> => {
  if (of.launch <= 1) return ok(undefined);
  const present = await findPane(terminal, of);
  if (!present.ok) return present;
  if (present.value === null) signalAll(await freeze(terminal, of.agent, null), 'SIGKILL');
  return ok(undefined);
};

/** A session per project, named so that a person in tmux knows it: the project's name, made unique by its id. */
const sessionOf = (name: string | undefined, project: string): string => `${slugOf(name ?? 'project').slice(0, 30)}-${shortOf(project)}`;

const writeAll = async (files: ReadonlyArray<{ path: string; content: string }>, folders: readonly string[]): Promise<Result<void>> => {
  try {
    for (const folder of [...folders, ...files.map(({ path }) => dirname(path))]) {
      // The folder's own mode is set; parents that exist keep theirs.
      if (await mkdir(folder, { recursive: true, mode: 0o700 })) await chmod(folder, 0o700);
    }
  } catch (thrown) {
    return fail('CCM_HOME_UNUSABLE', `A folder for the agent's files could not be made: ${ensureError(thrown).message}.`);
  }
  for (const { path, content } of files) {
    const done = await atomicWrite(path, content);
    if (!done.ok) return done;
  }
  return ok(undefined);
};
