/** A small project and one task that the shipped demo agent carries out, so that there is something true to look at: by itself in an empty home. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consequence } from '../api/contract/envelope.ts';
import type { Task } from '../api/contract/task.ts';
import type { Result } from '../errors.ts';
import { runProcess } from '../lib/run-process.ts';
import type { Log } from '../ports/system.ts';
import type { Caller, Services } from '../services/index.ts';

/** What the demo agent is asked to do. */
const demoPrompt = 'Write a small program that turns numbers into Roman numerals, with a test, and run the test.';

const readme = `# Demo

A throw-away project of CCM Orchestrator. The demo agent works here in a worktree of its own;
what it writes is on a branch, and \`ccm merge\` brings it in. Delete the project with \`ccm project rm demo\`.
`;

/** Makes a repository with one commit; without git, a plain folder. One that is there already stays as it is. */
const makeDemoProject = async (home: string, folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: home, LC_ALL: 'C' };
  const git = (...args: string[]) =>
    runProcess({
      argv: ['git', '-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgsign=false', ...args],
      cwd: folder,
      env,
      timeoutMs: 10_000,
    });
  await git('init', '-q', '-b', 'main');
  if ((await git('rev-parse', '--verify', '-q', 'HEAD')).code === 0) return;
  writeFileSync(join(folder, 'README.md'), readme);
  writeFileSync(join(folder, 'package.json'), '{\n  "name": "demo",\n  "private": true,\n  "type": "module"\n}\n');
  const who = ['-c', 'user.name=CCM demo', '-c', 'user.email=demo@localhost'];
  await git('add', '-A');
  await git(...who, 'commit', '-q', '-m', 'Begin the demo');
};

type Needs = Pick<Services, 'projects' | 'tasks'>;

/** Once more whenever a person asks for it. `CCM_CONFLICT` where another project is called demo. */
export const beginDemo = async (home: string, { projects, tasks }: Needs, caller: Caller): Promise<Result<Task | Consequence>> => {
  const folder = join(home, 'demo');
  await makeDemoProject(home, folder);
  const known = projects.containing(folder);
  const project = known ? { ok: true as const, value: known } : await projects.add({ path: folder, name: 'demo', agent: 'demo' });
  return project.ok ? tasks.create({ project: project.value.id, prompt: demoPrompt, agent: 'demo' }, caller, false) : project;
};

/** Returns whether the demo was begun. Trouble is logged: a daemon without a demo is still a daemon. */
export const welcome = async (home: string, services: Needs, log: Log): Promise<boolean> => {
  const made = await beginDemo(home, services, { by: 'daemon', requestId: null });
  if (!made.ok) log.warn({ ...made.problem }, 'the demo could not be begun');
  return made.ok;
};
