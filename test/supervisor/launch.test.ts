import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { world } from './support/world.ts';

describe.each([
  ['the fake terminal', false],
  ['real tmux', true],
])('launching on %s', (_, real) => {
  test('a oneshot gets its prompt on standard input, works, and its end is told with status and last lines', async () => {
    const w = await world({ real });
    const { agent, result } = await w.begin({ command: ['sh', '-c', 'cat; echo; echo last line; exit 3'] }, 'the prompt');
    expect(result).toMatchObject({ outcomes: [{ event: { type: 'LAUNCHED', launch: 1 } }] });
    const end = await w.exited(agent);
    expect(end).toMatchObject({ launch: 1, exit: { code: 3, signal: null }, detail: 'sh ended with exit code 3' });
    expect(end['output']).toBe('the prompt\nlast line');
    expect(await w.supervisor.savedScreen({ agent, launch: 1 })).toContain('last line');
    expect(existsSync(join(w.home, 'launches', `${agent}-1`, 'stdin')), 'a prompt that was read lies around no longer').toBe(false);
  });

  test('the agent finds what makes it one of ours, and nothing of the daemon', async () => {
    const w = await world({ real, env: { API_KEY: 'from config', PATH: '/profile/bin:/usr/bin:/bin' } });
    const { agent } = await w.begin({ command: ['sh', '-c', 'env > seen; stat -c %a "$0" > mode; umask >> mode'] });
    await w.exited(agent);
    const seen = Object.fromEntries(
      (await readFile(join(w.project, 'seen'), 'utf8')).split('\n').map((line) => line.split(/=(.*)/su).slice(0, 2)),
    );
    expect(seen).toMatchObject({
      CCM_AGENT_ID: agent,
      CCM_HOOK_TOKEN: `ccm_token_of_${agent}`,
      CCM_HOOK_URL: 'http://127.0.0.1:9',
      CCM_HOME: w.home,
    });
    expect(seen).toMatchObject({ API_KEY: 'from config', HOME: w.home, PATH: `${join(w.home, 'bin')}:/profile/bin:/usr/bin:/bin` });
    expect(seen['CCM_TASK_ID']).toBeTruthy();
    expect(seen['SECRET_OF_THE_DAEMON']).toBeUndefined();
    expect((await stat(join(w.home, 'exits', `${agent}-1.json`))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(w.project, 'mode'), 'utf8')).trim().endsWith('77'), 'the wrapper keeps its own umask to itself').toBe(
      false,
    );
  });

  test('a program that is not installed is a final problem, not a crash loop', async () => {
    const w = await world({ real });
    const { result } = await w.begin({ command: ['no-such-agent-here'] });
    expect(result).toMatchObject({ problem: { code: 'CCM_AGENT_NOT_FOUND' }, retry: false });
    expect(await w.terminal.list()).toMatchObject({ ok: true, value: [] });
  });

  test('the same launch carried out twice is one program', async () => {
    const w = await world({ real });
    const { agent } = await w.begin({ command: ['sh', '-c', 'echo x >> runs; sleep 1'] });
    await w.launch(agent);
    await w.exited(agent);
    expect(await readFile(join(w.project, 'runs'), 'utf8')).toBe('x\n');
  });

  test('the demo agent writes a program, tests it, reports its work and ends well', async () => {
    const w = await world({ real });
    const { agent } = await w.begin({ kind: 'demo', command: ['demo'] }, 'Please show what you can');
    const end = await w.exited(agent);
    expect(end['exit']).toEqual({ code: 0, signal: null });
    expect(end['output']).toContain('3 passed, 0 failed');
    expect(await readFile(join(w.project, 'demo', 'DEMO.md'), 'utf8')).toContain('Please show what you can');
    await w.supervisor.reconcile();
    expect(await w.fact(agent, 'done')).toMatchObject({
      source: 'report',
      detail: 'Wrote demo/roman.mjs with its test: 3 passed, 0 failed.',
    });
    expect(w.actors.of('OBSERVED').filter((event) => event['fact'] === 'progress').length).toBe(3);
    expect(w.notes).toEqual([]);
  });
});
