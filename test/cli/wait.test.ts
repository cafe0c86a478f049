/** Following what happens: `new --wait`, `send --wait`, `ls -w`, through restarts of the daemon. */
import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/api/contract/index.ts';
import { type Furnished, furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { startCli } from '../support/run-cli.ts';
import { until } from '../support/until.ts';

const result: Task['result'] = {
  exitCode: 0,
  signal: null,
  summary: 'Done as asked.',
  durationMs: 61_000,
  diff: { files: 1, insertions: 3, deletions: 0 },
  output: 'line 1\nall tests pass',
};
const followed = (daemon: Furnished) => until('a reader of the feed', () => (daemon.house.feed.readers() > 0 ? true : undefined));
const newest = (daemon: Furnished): Task => {
  const task = [...daemon.house.tasks.values()].at(-1);
  if (!task) throw new Error('no task');
  return task;
};
const asked = (daemon: Furnished, title: string) =>
  until('the new task', () => (newest(daemon).title === title ? newest(daemon) : undefined));

describe('new --wait', () => {
  it('shows each state once, then the result, and exits 0', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['new', 'shop', 'Wait for me', '--wait'], { home: daemon.home });
    const task = await asked(daemon, 'Wait for me');
    await followed(daemon);
    for (const status of ['starting', 'working']) {
      daemon.step(task.id, { status });
      await until(status, () => (cli.stdout().includes(status) ? true : undefined));
    }
    daemon.step(task.id, { status: 'succeeded', ended: true, branch: 'ccm-x/wait', result });
    const { code, stdout } = await cli.ended;
    expect(code).toBe(0);
    expect(
      stdout
        .replaceAll(/ +\d+s {2}/g, 'T ')
        .split('\n')
        .slice(3),
    ).toEqual([
      'T ○ queued',
      'T ◐ starting',
      'T ● working',
      'T ✓ succeeded',
      'result   exit 0 · 1m 01s · 1 file +3 −0',
      'summary  Done as asked.',
      'branch   ccm-x/wait',
      '  │ line 1',
      '  │ all tests pass',
      '',
    ]);
  });

  it('exits 1 when the task fails, and says why', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['new', 'shop', 'Fail', '--wait'], { home: daemon.home });
    const task = await asked(daemon, 'Fail');
    daemon.step(task.id, {
      status: 'failed',
      ended: true,
      reason: 'The program ended with exit code 3.',
      result: { ...result, exitCode: 3 },
    });
    const { code, stdout } = await cli.ended;
    expect(code).toBe(1);
    expect(stdout).toContain('exit 3');
    expect(stdout).toContain('The program ended with exit code 3.');
  });

  it('lives through a restart of the daemon on another port', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['new', 'shop', 'Survive', '--wait'], { home: daemon.home });
    const task = await asked(daemon, 'Survive');
    await followed(daemon);
    daemon.step(task.id, { status: 'working' });
    await until('work', () => (cli.stdout().includes('working') ? true : undefined));
    await daemon.stop();
    await until('the word that it is away', () => (cli.stderr().includes('The daemon is away') ? true : undefined));
    await daemon.start();
    daemon.step(task.id, { status: 'succeeded', ended: true, result });
    const { code, stderr } = await cli.ended;
    expect([code, stderr]).toEqual([0, 'The daemon is away; waiting for it to come back (`ccm up`).\nThe daemon is back.\n']);
  });

  it('notices an end that happened while nobody could tell it', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['new', 'shop', 'Blink', '--wait'], { home: daemon.home });
    const task = await asked(daemon, 'Blink');
    await followed(daemon);
    daemon.house.feed.end();
    // Without a word on the feed: only looking again, when it stands again, finds it.
    daemon.house.tasks.set(task.id, { ...task, status: 'succeeded', ended: true, result });
    expect((await cli.ended).code).toBe(0);
  });

  it('prints under --json the ended task alone, and the way there on stderr', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['new', 'shop', 'Quietly', '--wait', '--json'], { home: daemon.home });
    const task = await asked(daemon, 'Quietly');
    await followed(daemon);
    daemon.step(task.id, { status: 'succeeded', ended: true, result });
    const { code, stdout, stderr } = await cli.ended;
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { data: { status: 'succeeded' }, meta: {} }]);
    expect(stderr).toContain('succeeded');
  });

  it('gives up after --timeout with exit 1, and leaves the task alone', async () => {
    const daemon = await furnishedDaemon();
    const { code, stderr } = await startCli(['new', 'shop', 'Forever', '--wait', '--timeout', '1'], { home: daemon.home }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('It goes on');
    expect(daemon.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('ends by Ctrl-C without a stack', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['new', 'shop', 'Interrupt me', '--wait'], { home: daemon.home });
    await asked(daemon, 'Interrupt me');
    await followed(daemon);
    cli.child.kill('SIGINT');
    const { signal, stderr } = await cli.ended;
    expect([signal, stderr]).toEqual(['SIGINT', '']);
  });
});

describe('send --wait', () => {
  it.each([
    ['answered', 0],
    ['failed', 1],
  ])('ends when the message is %s', async (status, expected) => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['send', daemon.ids.working, 'And now?', '--wait'], { home: daemon.home });
    const message = await until('the message', () => [...daemon.house.messages.values()].find(({ text }) => text === 'And now?'));
    await followed(daemon);
    daemon.house.messages.set(message.id, { ...message, status, reason: status === 'failed' ? 'It was not taken.' : null });
    daemon.house.feed.tell({
      actor: message.id,
      kind: 'message',
      seq: 2,
      at: 0,
      type: 'X',
      by: null,
      transitions: [],
      value: status,
      status,
      attention: 0,
      task: message.task,
      title: '',
    });
    const { code, stdout } = await cli.ended;
    expect(code).toBe(expected);
    expect(stdout).toContain(status);
  });
});

describe('ls -w', () => {
  it('prints the list again when something changed, also after a restart, and ends by Ctrl-C with 0', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['ls', '-w'], { home: daemon.home });
    await until('the first list', () => (cli.stdout().includes('Fix the login') ? true : undefined));
    await followed(daemon);
    const working = [...daemon.house.tasks.values()].find(({ short }) => short === daemon.ids.working);
    daemon.step(working?.id ?? '', { status: 'paused' });
    await until('the change', () => (cli.stdout().includes('paused') ? true : undefined));
    await daemon.stop();
    await daemon.start();
    daemon.step(working?.id ?? '', { status: 'limited' });
    await until('the change after the restart', () => (cli.stdout().includes('limited') ? true : undefined));
    cli.child.kill('SIGINT');
    expect((await cli.ended).code).toBe(0);
  });

  it('prints under --json a line for each task that changed', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['ls', '-w', '--json'], { home: daemon.home });
    const lines = () =>
      cli
        .stdout()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { data: Task });
    await until('two tasks', () => (lines().length === 2 ? true : undefined));
    await followed(daemon);
    daemon.step(lines()[0]?.data.id ?? '', { status: 'paused' });
    await until('the changed one', () => (lines().length === 3 ? true : undefined));
    expect(lines()[2]?.data).toMatchObject({ id: lines()[0]?.data.id, status: 'paused' });
    cli.child.kill('SIGINT');
    expect((await cli.ended).stderr).toBe('');
  });
});
