/** Starts an agent's program: profile → driver → files and environment → a window of its own. */
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { EffectParams, HandlerResult } from '../../machines/effects.ts';
import { fail, ok, type Result } from '../errors.ts';
import { findBelow } from '../lib/find-below.ts';
import { findProgram } from '../lib/find-program.ts';
import type { AgentDriver } from '../ports/agents.ts';
import { shortOf } from '../ports/system.ts';
import type { SupervisorDeps } from './deps.ts';
import { agentEnvironment } from './environment.ts';
import { freeze, signalAll } from './family.ts';
import { findPane, paneOf } from './find-pane.ts';
import { quoted } from './install.ts';
import { conversationNames } from './listen/names.ts';
import { keyOf, type Launch, places } from './places.ts';
import { writePlanFiles } from './plan-files.ts';
import { programVersions } from './program-version.ts';
import { mayPass, told, trouble } from './replies.ts';
import type { RestartGate } from './restart-gate.ts';
import { slugOf } from './workspace.ts';

type Params = EffectParams['agent.launch'];

export const launchAgent = (deps: SupervisorDeps, gate: Pick<RestartGate, 'wait'>) => {
  const versions = programVersions();
  return async (params: Params): Promise<HandlerResult> => {
    const { agent, task, launch, profile, workspace } = params;
    const where = places(deps.home);
    const driver = deps.drivers[profile.kind];
    if (!driver)
      return trouble(fail('CCM_AGENT_UNKNOWN', `Agents of kind ${profile.kind} cannot be driven by this version.`).problem, false);
    // Started before, by a handler that was cut off: a fresh token would make the running program dumb.
    const running = await findPane(deps.terminal, { agent, launch });
    if (running.ok && running.value) return told('LAUNCHED', { launch, pane: paneOf(running.value) });

    const wait = launch > 1 ? gate.wait(agent, profile.name) : 0;
    if (wait > 0) return { later: wait };
    const folder = where.launch({ agent, launch });
    const memory = where.conversation(params.conversation);
    const own = await deps.profileEnv(profile.name);
    if (!own.ok) return trouble(own.problem);
    const personal = deps.ownConfig(profile.name) ? (own.value['HOME'] ?? deps.environment['HOME'] ?? null) : null;
    const resume = await conversationToContinue(deps, driver, params, memory, personal);
    if (!resume.ok) return trouble(resume.problem, false);
    const plan = driver.plan({
      ...params,
      resume: resume.value,
      folder,
      memory,
      realDir: await realpath(workspace.dir).catch(() => workspace.dir), // Gone: the launch itself will say so.
      permissions: deps.permissions(profile.name),
      env: own.value,
      own: personal,
      telemetry: deps.telemetry(profile.name),
      theirs: personal === null ? {} : await textsOf(driver.ownFiles?.(personal) ?? []),
      trusted: deps.projects.get(params.project)?.trusted ?? false,
      hooks: { url: `${deps.hookUrl()}/api/v1/hooks`, command: `${quoted(join(where.bin, 'ccm'))} hook` },
    });
    if (!plan.ok) return trouble(plan.problem, false);
    const { argv, files, stdin } = plan.value;

    const env = agentEnvironment({
      from: deps.environment,
      bin: where.bin,
      driver: plan.value.env,
      profile: own.value,
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

    const fit =
      driver.least === undefined ? ok(undefined) : await versions.check([program, ...profile.command.slice(1)], driver.least, env);
    if (!fit.ok) return trouble(fit.problem, false);

    const input = join(folder, 'stdin');
    const written = await writePlanFiles([...files, ...(stdin === null ? [] : [{ path: input, content: stdin }])], [folder, where.exits]);
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
};

/**
 * What the program keeps of the conversation decides, not what we meant to find: a first start that died before its first prompt left nothing to
 * continue. But where a conversation must exist, a blank one instead of it is refused.
 */
const conversationToContinue = async (
  deps: SupervisorDeps,
  { listening }: AgentDriver,
  { agent, resume, conversation }: Params,
  memory: string,
  personal: string | null,
): Promise<Result<string | null>> => {
  if (!listening) return ok(resume);
  const named = conversationNames(deps.memory).of(conversation);
  const { below, endsWith, begun } =
    (personal === null ? undefined : listening.keptOwn?.(personal, memory, conversation, named)) ??
    listening.keptAt(memory, conversation, named);
  const kept = await findBelow(below, endsWith);
  const goesOn = kept !== null && (!begun || begun.test(await readFile(kept, 'utf8').catch(() => ''))); // Gone meanwhile: nothing to continue.
  if (kept !== null && goesOn) return ok(listening.nameIn ? listening.nameIn(kept) : conversation);
  if (resume !== null && deps.actors.state(agent)?.context['resume'] === true)
    return fail('CCM_CONVERSATION_GONE', `The program keeps nothing of the conversation ${conversation} below ${below}.`);
  return ok(null);
};

/** What cannot be read is not there: the program itself would not find it either. */
const textsOf = async (paths: readonly string[]): Promise<Record<string, string>> => {
  const found = await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8').catch(() => null)] as const));
  return Object.fromEntries(found.flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));
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
