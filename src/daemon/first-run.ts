/** In an empty home: a small project and one task that the shipped demo agent carries out, so that there is something true to look at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../lib/run-process.ts';
import type { Log } from '../ports/system.ts';
import type { Services } from '../services/index.ts';

/** What the demo agent is asked to do. */
const demoPrompt = 'Write a small program that turns numbers into Roman numerals, with a test, and run the test.';

const readme = `# Demo

A throw-away project of CCM Orchestrator. The demo agent works here in a worktree of its own;
what it writes is on a branch, and \`ccm merge\` brings it in. Delete the project with \`ccm project rm demo\`.
`;

/** Makes a repository with one commit below the home. Returns its path; without git, a plain folder. */
const makeDemoProject = async (home: string): Promise<string> => {
  const folder = join(home, 'demo');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'README.md'), readme);
  writeFileSync(join(folder, 'package.json'), '{\n  "name": "demo",\n  "private": true,\n  "type": "module"\n}\n');
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: home, LC_ALL: 'C' };
  const git = (...args: string[]) =>
    runProcess({
      argv: ['git', '-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgsign=false', ...args],
      cwd: folder,
      env,
      timeoutMs: 10_000,
    });
  const who = ['-c', 'user.name=CCM demo', '-c', 'user.email=demo@localhost'];
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git(...who, 'commit', '-q', '-m', 'Begin the demo');
  return folder;
};

/** Returns whether the demo was begun. Trouble is logged: a daemon without a demo is still a daemon. */
export const welcome = async (home: string, services: Pick<Services, 'projects' | 'tasks'>, log: Log): Promise<boolean> => {
  const added = await services.projects.add({ path: await makeDemoProject(home), name: 'demo', agent: 'demo' });
  if (!added.ok) {
    log.warn({ ...added.problem }, 'the demo project could not be made');
    return false;
  }
  const caller = { by: 'daemon', requestId: null };
  const made = await services.tasks.create({ project: added.value.id, prompt: demoPrompt, agent: 'demo' }, caller, false);
  if (!made.ok) log.warn({ ...made.problem }, 'the demo task could not be made');
  return made.ok;
};
