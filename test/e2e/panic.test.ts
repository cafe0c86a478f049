/** `ccm panic` and `ccm down --all` end what an agent started, however far it ran, and prove it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

/** It leaves one child in the background, one in a session of its own, and one without parents. */
const config = `[agents.runaway]
command = ["sh", "-c", "sleep 3001 & setsid sleep 3002 & (setsid sh -c 'sleep 3003 & :' &) ; exec sleep 3000", "{prompt}"]
`;

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // Ended between the list and the look.
  }
};

describe('ending everything', () => {
  let live: LiveHome;
  let folder: string;
  /** The lengths of the sleeps that live, of this home alone. */
  const sleeping = (): string[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && textOf(`/proc/${name}/environ`).includes(`CCM_HOME=${live.home}\0`))
      .flatMap((pid) => /^sleep\0(300\d)\0/.exec(textOf(`/proc/${pid}/cmdline`))?.[1] ?? [])
      .toSorted();
  const runAway = async (): Promise<void> => {
    expect((await live.ccm('new', 'plain', 'run away', '--agent', 'runaway')).code).toBe(0);
    await until('all of them to run', () => (sleeping().join() === '3000,3001,3002,3003' ? true : undefined), 20_000);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ccm-panic-'));
    live = await LiveHome.make(config);
    await live.up();
    await live.ccm('project', 'add', folder, '--name', 'plain');
  }, 60_000);
  afterAll(async () => {
    await live.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('panic leaves no process, also none that had gone its own way', async () => {
    await runAway();
    const said = await live.ccm('panic');
    expect([said.code, said.stderr]).toEqual([0, '']);
    expect(said.stdout).toContain('✓ No process of an agent is left.');
    expect(sleeping()).toEqual([]);
    // Nothing lives any more; that the task hears of it is a step of its own.
    await until('no task to be at work', async () => {
      const { data } = (await live.ccm('ls', '--json')).json() as { data: unknown[] };
      return data.length === 0 ? true : undefined;
    });
  }, 60_000);

  test('panic works while the daemon is dead, and the next start tells the truth', async () => {
    await runAway();
    await live.crash();
    const said = await live.ccm('panic');
    expect(said.stdout).toContain('✓ No process of an agent is left.');
    expect(sleeping()).toEqual([]);
    await live.up();
    const { data } = (await live.ccm('ls', '--json')).json() as { data: { status: string }[] };
    expect(data.map(({ status }) => status)).not.toContain('working');
  }, 60_000);

  test('down --all leaves no process either, and the daemon lives to the end of its own end', async () => {
    await live.ccm('panic');
    await runAway();
    expect((await live.ccm('down', '--all')).code).toBe(0);
    expect(sleeping()).toEqual([]);
    expect(textOf(join(live.home, 'daemon.log')).trim().split('\n').at(-1)).toContain('"msg":"stopped"');
  }, 60_000);
});
