/** What scripts rely on, for every command there is. */
import { describe, expect, it } from 'vitest';
import { specs } from '../../src/cli/specs/index.ts';
import { runInside } from '../support/cli-world.ts';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { agentEnv, calls } from './every-command.ts';

const names = specs.map(({ name }) => name);
const callOf = (name: string) => {
  const call = calls[name];
  if (!call) throw new Error(`no call for ${name}: add one to every-command.ts`);
  return call;
};

describe('--json', () => {
  it.each(names)('of %s is one envelope and nothing else on stdout', async (name) => {
    const daemon = await furnishedDaemon();
    const { code, stdout } = await runCli([...callOf(name).words(daemon.ids), '--json'], { home: daemon.home, env: agentEnv(daemon) });
    // resume, start and priority are dry runs of what is not legal here, and a test's home may be readable: their envelope counts all the same.
    expect([0, 1, 6]).toContain(code);
    const envelope: unknown = JSON.parse(stdout);
    expect(Object.keys(envelope ?? {})).toEqual(['data', 'meta']);
    expect(stdout.endsWith('\n')).toBe(true);
  });

  it('of a stream is one envelope per line', async () => {
    const daemon = await furnishedDaemon();
    const { stdout } = await runCli(['logs', daemon.ids.done, '--follow', '--json'], { home: daemon.home });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { data: { line: string } }).data.line)).toEqual([
      'first line',
      'working on Keep the query string',
    ]);
  });

  it('of trouble leaves stdout empty and puts the problem on stderr', async () => {
    const daemon = await furnishedDaemon();
    const { code, stdout, stderr } = await runCli(['show', 'nope', '--json'], { home: daemon.home });
    expect([code, stdout]).toEqual([3, '']);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'CCM_NOT_FOUND', detail: 'There is no task nope.', status: 404 } });
  });

  it('of new and show has what scripts need', async () => {
    const daemon = await furnishedDaemon();
    for (const words of [
      ['new', 'shop', 'x', '--json'],
      ['show', daemon.ids.done, '--json'],
    ]) {
      const { data } = JSON.parse((await runInside(words, daemon.home)).stdout) as { data: Record<string, unknown> };
      expect(Object.keys(data)).toEqual(expect.arrayContaining(['id', 'short', 'status', 'attempt', 'project', 'agent', 'result']));
    }
  });
});

describe('exit codes', () => {
  it.each(names)('%s: 2 for an option it does not have', async (name) => {
    const { code, stdout, stderr } = await runInside([...name.split(' '), '--no-such-option'], '/nowhere/home');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/has no option --no-?such-option|has no option --such-option/);
  });

  it.each(names.filter((name) => !calls[name]?.alone && name !== 'up'))('%s: 4 and the next step when no daemon runs', async (name) => {
    const home = await tempFolder();
    const ids = { working: 'a1b2c', asking: 'a1b2c', done: 'a1b2c', approval: 'a1b2c', question: 'a1b2c', message: 'a1b2c' };
    const { code, stdout, stderr } = await runInside(callOf(name).words(ids), home);
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain('The daemon is not running');
    expect(stderr).toContain('`ccm up`');
  });

  it.each(names.filter((name) => calls[name]?.id !== undefined))('%s: 3 for what is not there', async (name) => {
    const daemon = await furnishedDaemon();
    const { words, id = 0 } = callOf(name);
    const typed = words(daemon.ids).map((word, i) => (i === id ? 'nothing-like-that' : word));
    const { code, stdout, stderr } = await runInside(typed, daemon.home);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('nothing-like-that');
  });

  it.each(names.filter((name) => !calls[name]?.alone))('%s: 5 with a token that may not', async (name) => {
    const daemon = await furnishedDaemon();
    daemon.refuse({ status: 403, code: 'CCM_FORBIDDEN', detail: 'This token may only read.', next: 'Use a token with the scope act.' });
    const { code, stdout, stderr } = await runInside(callOf(name).words(daemon.ids), daemon.home);
    expect([code, stdout, stderr]).toEqual([5, '', 'This token may only read.\n→ Use a token with the scope act.\n']);
  });

  it.each(['resume', 'start', 'priority', 'budget', 'run-here'])('%s: 6 and the legal moves when it is not possible now', async (name) => {
    const daemon = await furnishedDaemon();
    const words = callOf(name)
      .words(daemon.ids)
      .filter((word) => word !== '--dry-run');
    const { code, stdout, stderr } = await runInside(words, daemon.home);
    expect([code, stdout]).toEqual([6, '']);
    expect(stderr).toContain('Possible now: stop, kill, pause, interrupt.');
  });

  it.each([
    ['CCM_AMBIGUOUS', 409, 2],
    ['CCM_CONFLICT', 409, 1],
    ['CCM_WORKTREE_DIRTY', 409, 6],
    ['CCM_MERGE_CONFLICT', 409, 1],
    ['CCM_STOPPING', 503, 4],
    ['CCM_INTERNAL', 500, 1],
    ['CCM_FROM_THE_FUTURE', 404, 3],
    ['CCM_FROM_THE_FUTURE', 500, 1],
  ])('%s with status %i: %i', async (code, status, expected) => {
    const daemon = await furnishedDaemon();
    daemon.refuse({ status, code, detail: 'Words of the daemon.', next: 'Its next step.' });
    const ran = await runInside(['ls'], daemon.home);
    expect([ran.code, ran.stderr]).toEqual([expected, 'Words of the daemon.\n→ Its next step.\n']);
  });

  it.each(names.filter((name) => !['up', 'down', 'doctor', 'completion', 'version', 'report', '__complete'].includes(name)))(
    '%s: 0 when all is well',
    async (name) => {
      const daemon = await furnishedDaemon();
      const { code } = await runInside(callOf(name).words(daemon.ids), daemon.home);
      expect(code).toBe(['resume', 'start', 'priority', 'budget', 'run-here'].includes(name) ? 6 : 0);
    },
  );
});

describe('--dry-run', () => {
  it.each(specs.filter(({ options }) => options.some(({ raw }) => raw === '--dry-run')).map(({ name }) => name))(
    'of %s does nothing',
    async (name) => {
      const daemon = await furnishedDaemon();
      const before = JSON.stringify([
        ...daemon.house.tasks.values(),
        ...daemon.house.approvals.values(),
        ...daemon.house.projects.values(),
        ...daemon.house.tokens.values(),
      ]);
      const words = [...new Set([...callOf(name).words(daemon.ids), '--dry-run'])];
      const { code, stdout } = await runInside(words, daemon.home, agentEnv(daemon));
      expect([0, 6]).toContain(code);
      expect(stdout).toContain('Nothing was done.');
      expect(
        JSON.stringify([
          ...daemon.house.tasks.values(),
          ...daemon.house.approvals.values(),
          ...daemon.house.projects.values(),
          ...daemon.house.tokens.values(),
        ]),
      ).toBe(before);
      expect([daemon.house.messages.size, daemon.house.reports.size, daemon.house.shutdown]).toEqual([1, 0, null]);
      for (const { method, query } of daemon.requests) if (method !== 'GET') expect(query['dry_run']).toBe('true');
    },
  );
});

describe('several at once', () => {
  it('are only listed without --yes, and done with it', async () => {
    const daemon = await furnishedDaemon();
    const { working, asking } = daemon.ids;
    const listed = await runInside(['stop', working, asking], daemon.home);
    expect([listed.code, listed.stdout]).toEqual([0, expect.stringContaining('Nothing was done. Add --yes to stop these 2.')]);
    expect([...daemon.house.tasks.values()].filter(({ status }) => status === 'cancelled')).toEqual([]);
    expect((await runInside(['stop', '--all'], daemon.home)).stdout).toContain('Add --yes to stop these 2.');
    expect((await runInside(['stop', '--all', '--yes'], daemon.home)).code).toBe(0);
    expect([...daemon.house.tasks.values()].filter(({ status }) => status === 'cancelled')).toHaveLength(2);
  });

  it('do not keep each other from being done; the exit code is the first trouble', async () => {
    const daemon = await furnishedDaemon();
    const { code, stdout } = await runInside(['stop', 'nope', daemon.ids.done, daemon.ids.working, '--yes'], daemon.home);
    expect(code).toBe(3);
    expect(stdout).toContain('There is no task nope.');
    expect(stdout).toContain('stop is not possible now');
    expect(
      daemon.house.tasks.get([...daemon.house.tasks.values()].find(({ short }) => short === daemon.ids.working)?.id ?? '')?.status,
    ).toBe('cancelled');
  });

  it('tell under --json what became of each', async () => {
    const daemon = await furnishedDaemon();
    const { stdout } = await runInside(['stop', 'nope', daemon.ids.working, '--yes', '--json'], daemon.home);
    expect(JSON.parse(stdout)).toMatchObject({
      data: [
        { id: 'nope', ok: false, error: { code: 'CCM_NOT_FOUND' } },
        { id: daemon.ids.working, ok: true, data: { status: 'cancelled' } },
      ],
    });
  });
});

describe('a request that acts', () => {
  it('carries a key of its own each time, so that a repeat counts once', async () => {
    const daemon = await furnishedDaemon();
    for (let i = 0; i < 2; i += 1) await runInside(['new', 'shop', 'x'], daemon.home);
    const keys = daemon.requests.filter(({ method }) => method === 'POST').map(({ key }) => key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(2);
    expect(keys.every((key) => key && key.length >= 32)).toBe(true);
  });
});
