/** Nothing of a launch or a prompt is readable where it does not belong, and an agent cannot reach the server it lives in. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recorder, value } from '../../contracts/terminal.ts';
import { until } from '../../support/until.ts';
import { byHand, launched, tmuxRig } from './rig.ts';

const SECRET = 'sk-not-a-real-secret-4711';

test.runIf(process.platform === 'linux')('a secret in the environment is in no argv and no log of the server', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', [process.execPath, '-e', recorder], { TOKEN: SECRET });
  const born = await until('it started', () => readFile(join(rig.home, 'born'), 'utf8').catch(() => undefined));
  expect(born).toContain(SECRET);
  value(await rig.paste(pane, `${SECRET} in a prompt`, { submit: true, settleMs: 0 }));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const argvs = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  expect(argvs.some((argv) => argv.includes(rig.facts().socket ?? ''))).toBe(true);
  expect(argvs.filter((argv) => argv.includes(SECRET))).toEqual([]);
  const told = [
    ['show-messages'],
    ['show-environment', '-g'],
    ['show-environment', '-t', 'project'],
    ['list-buffers'],
    ['show-options', '-s'],
  ];
  expect(told.map((words) => byHand(rig, ...words)).join('\n')).not.toContain(SECRET);
});

test('files of the home are for this user alone', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const modes = await Promise.all(
    ['tmux-server.json', 'tmux.conf', 'tmux'].map(async (name) => (await stat(join(rig.home, name))).mode & 0o077),
  );
  expect(modes).toEqual([0, 0, 0]);
});

test('an agent that runs `tmux kill-server` does not end the server it lives in', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', ['/bin/sh', '-c', 'TMUX_TMPDIR=$PWD tmux kill-server; echo tried; exec sleep 100']);
  await until('it tried', async () => (value(await rig.capture(pane)).includes('tried') ? true : undefined));
  expect(rig.generation()).toBe(pane.generation);
});

test('a paste cannot end its own bracket or press keys', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', [process.execPath, '-e', recorder]);
  await until('it started', () => readFile(join(rig.home, 'born')).catch(() => undefined));
  await until('brackets are on', async () => (value(await rig.capture(pane)).includes('recording') ? true : undefined));
  value(await rig.paste(pane, 'a\x1b[201~b\u009b201~c\x03d\x7f\r\ne\tf\rg\0h', { submit: false, settleMs: 0 }));
  const input = await until('the end of the bracket', async () => {
    const got = await readFile(join(rig.home, 'input'), 'utf8');
    return got.endsWith('\x1b[201~') ? got : undefined;
  });
  expect(input).toBe('\x1b[200~a[201~b201~cd\re\tf\rgh\x1b[201~');
});

test('a paste that has to stay one keeps its brackets before its program has asked for them', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', [process.execPath, '-e', recorder.replace('\\x1b[?2004h', '')]);
  await until('it records', async () => (value(await rig.capture(pane)).includes('recording') ? true : undefined));
  value(await rig.paste(pane, 'Message:\n!touch x', { submit: false, settleMs: 0, bracketed: true }));
  const input = await until('the end of the paste', async () => {
    const got = await readFile(join(rig.home, 'input'), 'utf8');
    return got.includes('touch x') ? got : undefined;
  });
  expect(input).toBe('\x1b[200~Message:\r!touch x\x1b[201~');
});

test('a paste of one megabyte arrives whole', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', [process.execPath, '-e', recorder]);
  await until('brackets are on', async () => (value(await rig.capture(pane)).includes('recording') ? true : undefined));
  const text = `${'0123456789 äöü \'"\\#{}\n'.repeat(42_000)}end`;
  expect(Buffer.byteLength(text)).toBeGreaterThan(1024 * 1024);
  value(await rig.paste(pane, text, { submit: true, settleMs: 10 }));
  const input = await until('Enter', async () => {
    const got = await readFile(join(rig.home, 'input'), 'utf8');
    return got.endsWith('\x1b[201~\r') ? got : undefined;
  });
  expect(input === `\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~\r`).toBe(true);
});
