/** What agents use: it must never fail them, and never lose what they said. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { agentEnv } from './every-command.ts';

const agent = '0195a000-0000-7000-8000-0000000a9999';
const away = { CCM_HOOK_URL: 'http://127.0.0.1:1', CCM_HOOK_TOKEN: 'ccm_fake_agent', CCM_AGENT_ID: agent };
const spooled = (home: string) => readdirSync(join(home, 'spool', agent)).map((name) => ({ name, path: join(home, 'spool', agent, name) }));
/** The first of two lines; the second is the proof of its author. */
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '');

describe('ccm report', () => {
  it.each([
    [['ready'], { report: 'ready' }],
    [['busy'], { report: 'busy' }],
    [['progress', '3 of 5'], { report: 'progress', text: '3 of 5' }],
    [['done', 'Fixed'], { report: 'done', text: 'Fixed' }],
    [['fail', '-'], { report: 'fail', text: 'from stdin' }],
    [['ask', 'Which?', '--choices', 'a, b'], { report: 'ask', text: 'Which?', choices: ['a', 'b'] }],
    [
      ['usage', '--input', '1200', '--cost', '0.0123', '--model', 'm'],
      { report: 'usage', used: { input: 1200, costMicroUsd: 12_300, model: 'm' } },
    ],
    [['ask', 'May I?', '--approval'], { report: 'ask', text: 'May I?', approval: true }],
  ])('%j tells the daemon, silently, with an id and a time', async (words, expected) => {
    const daemon = await furnishedDaemon();
    const ran = await runCli(['report', ...words], { home: daemon.home, env: agentEnv(daemon), input: 'from stdin' });
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect([...daemon.house.reports.values()]).toEqual([{ ...expected, at: expect.any(Number) }]);
    expect([...daemon.house.reports.keys()][0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps what it cannot tell in a private file, and exits 0', async () => {
    const home = join(await tempFolder(), 'home');
    const ran = await runCli(['report', 'done', 'Fixed while nobody listened'], { home, env: away });
    expect([ran.code, ran.stdout]).toEqual([0, '']);
    const files = spooled(home);
    expect(files).toHaveLength(1);
    const [{ name, path } = { name: '', path: '' }] = files;
    expect(name).toMatch(/^\d{14}-[0-9a-f-]{36}\.json$/);
    expect(read(path)).toEqual({ report: 'done', text: 'Fixed while nobody listened', at: expect.any(Number), id: name.slice(15, -5) });
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(join(home, 'spool', agent)).mode & 0o777).toString(8)).toBe('700');
  });

  it('does not wait for a daemon that takes the connection and is silent', async () => {
    const daemon = await furnishedDaemon();
    const home = join(await tempFolder(), 'home');
    const { createServer } = await import('node:net');
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const began = performance.now();
    const ran = await runCli(['report', 'busy'], { home, env: { ...away, CCM_HOOK_URL: `http://127.0.0.1:${port}` } });
    const took = performance.now() - began;
    mute.close();
    await daemon.stop();
    expect(ran.code).toBe(0);
    expect(spooled(home)).toHaveLength(1);
    // One second of patience, and the start of a process on a busy machine.
    expect(took).toBeLessThan(8000);
  });

  it('finds a daemon that came back on another port', async () => {
    const daemon = await furnishedDaemon();
    const ran = await runCli(['report', 'busy'], { home: daemon.home, env: { ...agentEnv(daemon), CCM_HOOK_URL: 'http://127.0.0.1:1' } });
    expect([ran.code, daemon.house.reports.size]).toEqual([0, 1]);
  });

  it('refuses to be used outside of an agent, and says no with exit 5 when its token was withdrawn', async () => {
    const daemon = await furnishedDaemon();
    const outside = await runCli(['report', 'busy'], { home: daemon.home });
    expect([outside.code, outside.stderr]).toEqual([2, expect.stringContaining('only inside an agent')]);
    const stale = await runCli(['report', 'busy'], { home: daemon.home, env: { ...agentEnv(daemon), CCM_HOOK_TOKEN: 'old' } });
    expect(stale.code).toBe(5);
  });

  it('says what it does not know', async () => {
    const daemon = await furnishedDaemon();
    const typo = await runCli(['report', 'dome'], { home: daemon.home, env: agentEnv(daemon) });
    expect([typo.code, typo.stderr]).toEqual([2, expect.stringContaining('Did you mean done?')]);
    const empty = await runCli(['report', 'ask'], { home: daemon.home, env: agentEnv(daemon) });
    expect(empty.code).toBe(2);
  });

  it('cuts a text that is longer than a report may be, instead of losing it', async () => {
    const daemon = await furnishedDaemon();
    const ran = await runCli(['report', 'done', '-'], { home: daemon.home, env: agentEnv(daemon), input: 'x'.repeat(30_000) });
    expect(ran.code).toBe(0);
    expect([...daemon.house.reports.values()][0]).toMatchObject({ text: expect.stringMatching(/^x+…$/) });
  });
});

describe('ccm report ask --wait', () => {
  it.each([
    ['allow', null, 0, 'allow\n'],
    ['allow', 'but be careful', 0, 'allow\nbut be careful\n'],
    ['answer', 'The second one', 0, 'The second one\n'],
    ['deny', 'not today', 1, 'deny\nnot today\n'],
    ['expire', null, 1, 'expire\n'],
  ] as const)('%s (%s): exit %i', async (state, text, code, stdout) => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['report', 'ask', 'May I?', '--approval', '--wait'], { home: daemon.home, env: agentEnv(daemon) });
    const id = await until('the question', () => [...daemon.house.reports.keys()][0]);
    daemon.house.decisions.set(`approval-of-${id}`, { state, text });
    expect(await cli.ended).toMatchObject({ code, stdout });
  });

  it('waits through restarts of the daemon, asking once', async () => {
    const daemon = await furnishedDaemon();
    const cli = startCli(['report', 'ask', 'Still there?', '--wait'], { home: daemon.home, env: agentEnv(daemon) });
    const id = await until('the question', () => [...daemon.house.reports.keys()][0]);
    await daemon.stop();
    await daemon.start();
    daemon.house.decisions.set(`approval-of-${id}`, { state: 'answer', text: 'Yes' });
    expect(await cli.ended).toMatchObject({ code: 0, stdout: 'Yes\n' });
    expect(daemon.house.reports.size).toBe(1);
  });

  it('asked while the daemon is away: kept in the spool, told when it is back, then waited for', async () => {
    const daemon = await furnishedDaemon();
    const env = agentEnv(daemon);
    await daemon.stop();
    const cli = startCli(['report', 'ask', 'Anyone?', '--wait'], { home: daemon.home, env });
    await until('the spooled question', () => {
      try {
        return spooled(daemon.home)[0];
      } catch {
        return undefined; // The folder is made with the first report.
      }
    });
    await daemon.start();
    const id = await until('the question', () => [...daemon.house.reports.keys()][0]);
    daemon.house.decisions.set(`approval-of-${id}`, { state: 'allow', text: null });
    expect(await cli.ended).toMatchObject({ code: 0, stdout: 'allow\n' });
    // The same id in both: whoever drains the spool drops the repeat.
    expect(read(spooled(daemon.home)[0]?.path ?? '')).toMatchObject({ id });
  });
});
