/**
 * Somebody who exchanges a folder for a link: without a pause, from a process of its own, which is how it is done; and once, exactly before a given
 * call to the file system, which leaves no moment between two calls untried.
 */
import { createHook } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

export type Swapper = { /** The folder may be missing, or a link, then. */ stop(): Promise<void> };

/** `name`: absolute, a folder; `goal`: where the link in its place leads. */
export const startSwapper = async (name: string, goal: string): Promise<Swapper> => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name, goal], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((done) => child.once('close', done));
  let running = false;
  child.stdout.once('data', () => {
    running = true;
  });
  await until('the swapper to run', () => (running ? true : undefined), 60_000);
  return {
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
};

/**
 * Does the work once for every call to the file system it makes, each time with the folder exchanged just before that call. `fresh` makes the
 * place anew. Returns how many moments were tried.
 */
export const atEveryMoment = async (
  fresh: () => { name: string; goal: string },
  work: (name: string) => Promise<unknown>,
  judge: (moment: number) => void,
): Promise<number> => {
  for (let moment = 1; ; moment += 1) {
    const { name, goal } = fresh();
    let calls = 0;
    // Told synchronously as each request is made, before it is carried out.
    const hook = createHook({
      init: (_id, type) => {
        if (type !== 'FSREQPROMISE') return;
        calls += 1;
        if (calls === moment) for (const step of forth(name, goal)) attempt(step);
      },
    }).enable();
    await work(name).catch(() => undefined); // A refusal is as good as a success.
    hook.disable();
    judge(moment);
    if (calls < moment) return moment - 1;
  }
};

const forth = (name: string, goal: string) => [() => renameSync(name, `${name}.aside`), () => symlinkSync(goal, name)];
const back = (name: string) => [() => rmSync(name), () => renameSync(`${name}.aside`, name)];
const attempt = (step: () => void): void => {
  try {
    step();
  } catch {
    // Somebody else removes what we exchange: that is the race.
  }
};

const [, script, name, goal] = process.argv;
if (script === fileURLToPath(import.meta.url) && name !== undefined && goal !== undefined) {
  process.stdout.write('running\n');
  for (;;) for (const step of [...forth(name, goal), ...back(name)]) attempt(step);
}
