/** What may happen to a server, its socket, its client and its windows while agents work. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startOf } from '../../../adapters/tmux/process-facts.ts';
import { codeOf, isRunning, value } from '../../contracts/terminal.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';
import { byHand, eventOf, launched, type Rig, tmuxRig } from './rig.ts';

const connectedAgain = (rig: Rig, times: number) =>
  until(
    'connected again',
    () => (rig.events.filter((event) => event.type === 'connected').length >= times ? rig.generation() : null) ?? undefined,
  );

test('a server that is killed is told lost, and a new one of another generation takes over', async () => {
  const rig = await tmuxRig();
  const generation = value(await rig.open());
  const pane = await launched(rig, 'agent', ['sleep', '100']);
  process.kill(rig.facts().serverPid ?? 0, 'SIGKILL');
  expect(await eventOf(rig, 'serverLost')).toEqual({ type: 'serverLost', generation });
  const next = await connectedAgain(rig, 2);
  expect(next).not.toBe(generation);
  expect(value(await rig.list())).toEqual([]);
  expect(codeOf(await rig.capture(pane))).toBe('CCM_PANE_GONE');
  expect(rig.events.map((event) => event.type)).toEqual(['connected', 'serverLost', 'connected']);
  if (isRunning(pane.pid)) process.kill(pane.pid, 'SIGKILL');
});

test('a killed connection is made again: watchers are repainted, ends that happened meanwhile are told', async () => {
  const rig = await tmuxRig();
  const generation = value(await rig.open());
  const watched = await launched(rig, 'watched', ['/bin/sh', '-c', 'while read line; do echo "got $line"; done']);
  await launched(rig, 'ending', ['/bin/sh', '-c', `while ! test -e ${join(rig.home, 'go')}; do sleep 0.01; done; exit 5`]);
  let seen = '';
  value(await rig.watch(watched, (bytes) => (seen += Buffer.from(bytes).toString())));
  byHand(rig, 'detach-client', '-s', '_hub');
  byHand(rig, 'send-keys', '-t', watched.pane, 'alpha', 'Enter');
  byHand(rig, 'run-shell', `touch ${join(rig.home, 'go')}`);
  expect(await connectedAgain(rig, 2)).toBe(generation);
  expect((await eventOf(rig, 'exit', 'ending')).exit).toEqual({ code: 5, signal: null });
  await until('the missed line', () => (seen.includes('got alpha') ? true : undefined));
  value(await rig.paste(watched, 'beta', { submit: true, settleMs: 0 }));
  await until('live bytes', () => (seen.includes('got beta') ? true : undefined));
  expect(rig.events.filter((event) => event.type === 'exit')).toHaveLength(1);
  expect(rig.events.some((event) => event.type === 'serverLost')).toBe(false);
});

test('commands under way when the connection breaks are refused, not forgotten', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', ['sleep', '100']);
  process.kill(rig.facts().serverPid ?? 0, 'SIGSTOP');
  const answers = Promise.all([rig.capture(pane), rig.list(), rig.keys(pane, ['Enter'])]);
  process.kill(rig.facts().serverPid ?? 0, 'SIGKILL');
  expect((await answers).map(codeOf)).toEqual(['CCM_TMUX_LOST', 'CCM_TMUX_LOST', 'CCM_TMUX_LOST']);
  await connectedAgain(rig, 2);
});

test('a deleted socket folder is brought back, and nothing is lost', async () => {
  const rig = await tmuxRig();
  const generation = value(await rig.open());
  const pane = await launched(rig, 'agent', ['/bin/sh', '-c', 'echo still here; exec sleep 100']);
  await rig.close();
  await rm(dirname(rig.facts().socket ?? ''), { recursive: true });
  expect(value(await rig.open())).toBe(generation);
  expect((await stat(dirname(rig.facts().socket ?? ''))).mode & 0o777).toBe(0o700);
  expect(value(await rig.capture(pane))).toBe('still here');
});

test('a socket deleted under a living connection comes back by itself', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  await rm(dirname(rig.facts().socket ?? ''), { recursive: true });
  await until('a person can reach it', () => {
    try {
      return byHand(rig, 'list-sessions');
    } catch {
      return undefined; // Not back yet.
    }
  });
  expect(rig.events.map((event) => event.type)).toEqual(['connected']);
});

test('a window closed by a person is gone, once, and its neighbours stay', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const victim = await launched(rig, 'victim', ['sleep', '100']);
  const other = await launched(rig, 'other', ['sleep', '100']);
  byHand(rig, 'kill-window', '-t', victim.window);
  expect(await eventOf(rig, 'gone')).toEqual({ type: 'gone', pane: victim, key: 'victim' });
  expect(value(await rig.list()).map((fact) => fact.pane)).toEqual([other.pane]);
  expect(codeOf(await rig.keys(victim, ['Enter']))).toBe('CCM_PANE_GONE');
  expect(rig.events.filter((event) => event.type === 'gone')).toHaveLength(1);
});

test('a program that a person started anew in the same pane is not ours', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', ['sleep', '100']);
  byHand(rig, 'respawn-pane', '-k', '-t', pane.pane, 'sleep 100');
  value(await rig.list());
  expect(await eventOf(rig, 'gone')).toEqual({ type: 'gone', pane, key: 'agent' });
  expect(codeOf(await rig.paste(pane, 'for the old one', { submit: true, settleMs: 0 }))).toBe('CCM_PANE_GONE');
});

test('the hub closed by a person is made again', async () => {
  const rig = await tmuxRig();
  const generation = value(await rig.open());
  const pane = await launched(rig, 'agent', ['sh', '-c', 'echo alive; exec sleep 100']);
  byHand(rig, 'kill-session', '-t', '_hub');
  expect(await connectedAgain(rig, 2)).toBe(generation);
  let seen = '';
  value(await rig.watch(pane, (bytes) => (seen += Buffer.from(bytes).toString())));
  expect(seen).toContain('alive');
  byHand(rig, 'send-keys', '-t', pane.pane, 'C-c');
  await eventOf(rig, 'exit', 'agent');
});

test('agents outlive the daemon, and the next one finds them as they are', async () => {
  const first = await tmuxRig();
  const generation = value(await first.open());
  const alive = await launched(first, 'alive', ['sleep', '100']);
  const dead = await launched(first, 'dead', ['/bin/sh', '-c', 'exit 9']);
  await eventOf(first, 'exit', 'dead');
  await first.close();
  const second = await tmuxRig({ home: first.home });
  expect(value(await second.open())).toBe(generation);
  expect(second.events).toEqual([
    { type: 'connected', generation },
    { type: 'exit', pane: dead, key: 'dead', exit: { code: 9, signal: null } },
  ]);
  expect(value(await second.list())).toMatchObject([
    { ...alive, key: 'alive', dead: false, exit: null },
    { ...dead, dead: true },
  ]);
  expect(await startOf(alive.pid)).toBe(alive.pidStart);
});

test('without the record file, a running server is found by its socket', async () => {
  const first = await tmuxRig();
  const generation = value(await first.open());
  await first.close();
  await rm(join(first.home, 'tmux-server.json'));
  const second = await tmuxRig({ home: first.home });
  expect(value(await second.open())).toBe(generation);
  expect(JSON.parse(await readFile(join(first.home, 'tmux-server.json'), 'utf8'))).toMatchObject({ pid: second.facts().serverPid });
});

test('a server that is stopped is neither declared dead nor doubled', async () => {
  const rig = await tmuxRig();
  const generation = value(await rig.open());
  const server = rig.facts().serverPid ?? 0;
  await rig.close();
  process.kill(server, 'SIGSTOP');
  const opening = rig.open();
  await pause(100);
  expect(rig.events.filter((event) => event.type === 'serverLost')).toEqual([]);
  process.kill(server, 'SIGCONT');
  expect(value(await opening)).toBe(generation);
  expect(rig.facts().serverPid).toBe(server);
});

test('a record whose process number belongs to another by now ends nobody', async () => {
  const ours = await tmuxRig();
  value(await ours.open());
  const pid = ours.facts().serverPid ?? 0;
  // The record of another home, copied with a start time that is not this process's: as after a reboot.
  const other = await tmuxRig({ home: await tempFolder() });
  await writeFile(
    join(other.home, 'tmux-server.json'),
    JSON.stringify({ socket: ours.facts().socket, pid, start: '1.reused', scope: null, scopeReason: null }),
  );
  value(await other.killServer());
  expect(isRunning(pid)).toBe(true);
  expect(value(await ours.list())).toEqual([]);
});
