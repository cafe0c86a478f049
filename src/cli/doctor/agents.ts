/** One short question to each installed agent, through the daemon and all the way to its model: the only proof that one works. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProfileView, Project, Task } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { firstOf } from '../../lib/cut-text.ts';
import { pathOf } from '../api.ts';
import type { Cli } from '../cli.ts';
import { runningDaemon } from '../daemon-process.ts';
import { broken, type Check, fine, odd } from './check.ts';

const QUESTION = 'This is a test of the connection. Do not use any tool. Answer with the one word: ready';
/** Some seconds to start, some to answer, and retries of its own. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 250;

const installs: Readonly<Partial<Record<ProfileView['kind'], string>>> = {
  claude: '@anthropic-ai/claude-code',
  gemini: '@google/gemini-cli',
  codex: '@openai/codex',
};

/** Kinds that `ccm doctor --agents` asks. */
export const isAsked = ({ kind }: ProfileView): boolean => installs[kind] !== undefined;

/** What is known without starting anything. Null: only trying it tells more. */
export const standing = ({ name, kind, command, available, lacks }: ProfileView): Check | null => {
  const install = installs[kind];
  if (!available)
    return odd(
      name,
      `\`${command[0] ?? ''}\` is not installed.`,
      install ? `To use it: npm install -g ${install}` : 'Correct `command` in config.toml, or install it.',
    );
  return lacks ? odd(name, lacks.sentence, lacks.next) : null;
};

const asked = async (cli: Cli, { name }: ProfileView, project: string): Promise<Check> => {
  const began = cli.now();
  const seconds = () => `${((cli.now() - began) / 1000).toFixed(1)} s`;
  const body = { project, agent: name, prompt: QUESTION, title: `Does ${name} answer?` };
  const { id } = (await cli.api.post<Task>('/tasks', { body })).data;
  try {
    for (;;) {
      const { data: task } = await cli.api.get<Task>(pathOf('tasks', id));
      const said = firstOf((task.result?.summary ?? task.reason ?? '').replaceAll(/\s+/gu, ' '), 300);
      if (task.status === 'succeeded') return fine(name, `answered after ${seconds()}: “${firstOf(said, 60)}”`);
      if (task.ended) return broken(name, said || `It ended ${task.status}.`, `\`ccm doctor --agents\` again, once that is mended.`);
      if (task.status === 'limited')
        return odd(name, `It works, and its limit is reached: ${said || 'it says so'}`, 'Wait until the limit ends.');
      if (task.status === 'needsAnswer' || task.status === 'needsApproval')
        return odd(
          name,
          'It asks something before it works.',
          `Start a task with it, and answer in \`ccm attach\`: ccm new "hello" --agent ${name}`,
        );
      if (cli.now() - began > PATIENCE_MS)
        return broken(
          name,
          `No answer within ${PATIENCE_MS / 1000} s (${task.status}).`,
          'Start it by hand in a terminal and see what it says.',
        );
      await pause(LOOK_MS);
    }
  } finally {
    await letGo(cli, id);
  }
};

/** The question stays in the list like any task, its program does not: it would sit there for minutes, for a person who does not come. */
const letGo = async (cli: Cli, id: string): Promise<void> => {
  try {
    const { data: task } = await cli.api.get<Task>(pathOf('tasks', id));
    if (!task.ended) await cli.api.post(pathOf('tasks', id, 'kill'));
    else if (task.agent !== null) await cli.api.post(pathOf('agents', task.agent, 'stop'));
  } catch (thrown) {
    // It has ended by itself meanwhile.
    if (!(thrown instanceof CcmError)) throw thrown;
  }
};

export const agentChecks = async (cli: Cli): Promise<Check[]> => {
  if (!(await runningDaemon(cli)))
    return [broken('agents', 'They are asked through the daemon, which is not running.', 'Start it with `ccm up`.')];
  const profiles = (await cli.api.get<ProfileView[]>('/profiles')).data.filter(isAsked);
  const folder = await mkdtemp(join(tmpdir(), 'ccm-doctor-'));
  const project = (await cli.api.post<Project>('/projects', { body: { path: folder, name: `doctor-${folder.slice(-6).toLowerCase()}` } }))
    .data;
  try {
    const checks: Check[] = [];
    for (const profile of profiles) {
      const known = standing(profile);
      if (!known) cli.say(`asking ${profile.name} …`);
      checks.push(known ?? (await asked(cli, profile, project.id)));
    }
    return checks;
  } finally {
    await cli.api.delete(pathOf('projects', project.id)).catch(() => undefined); // Tasks that could not be removed keep it: seen in `ccm project ls`.
    await rm(folder, { recursive: true, force: true });
  }
};
