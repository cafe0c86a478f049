/** How programs end, told once and truly, also where tmux loses the status. */
import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import type { ControlClient } from '../../../adapters/tmux/client.ts';
import { startOf } from '../../../adapters/tmux/process-facts.ts';
import { blockOf } from '../../../adapters/tmux/protocol.ts';
import { roster } from '../../../adapters/tmux/roster.ts';
import type { TerminalEvent } from '../../../src/ports/terminal.ts';
import { isRunning, value } from '../../contracts/terminal.ts';
import { realClock } from '../../support/real-clock.ts';
import { until } from '../../support/until.ts';
import { byHand, eventOf, launched, tmuxRig } from './rig.ts';

/** A tmux that answers with one dead pane, in a server that is this process: so a SIGCHLD sent to it is seen here. */
const deadPane = async (status: () => string) => {
  const events: TerminalEvent[] = [];
  const row = () => `@1 %1 999999999 1 ${status()} a2V5 dGl0bGU project 1.gone _hub`;
  const send: ControlClient['send'] = async (commands, read) =>
    read(commands.map((command) => blockOf(true, Buffer.from(command.startsWith('list-panes') ? `${row()}\n` : ''))));
  const client: ControlClient = { pid: 1, send, sendBody: (line, read) => send([line], read), end: () => undefined };
  const record = { socket: '/none', pid: process.pid, start: (await startOf(process.pid)) ?? '', scope: null, scopeReason: null };
  const panes = roster(
    realClock,
    () => ({ client, record }),
    (event) => events.push(event),
  );
  return { panes, events };
};

test('a lost exit status is had by telling the server to look again', async () => {
  let reaped = false;
  const reap = () => void (reaped = true);
  process.on('SIGCHLD', reap);
  onTestFinished(() => void process.off('SIGCHLD', reap));
  const { panes, events } = await deadPane(() => (reaped ? '3 ' : ' '));
  await panes.refresh();
  expect(events).toMatchObject([{ type: 'exit', key: 'key', exit: { code: 3, signal: null } }]);
});

test('an exit status that stays lost is unknown, not success, and told once', async () => {
  const { panes, events } = await deadPane(() => ' ');
  await panes.refresh();
  await panes.refresh();
  expect(events).toMatchObject([{ type: 'exit', exit: { code: null, signal: null } }]);
});

test('twenty programs that end under load have all their status', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const codes = Array.from({ length: 20 }, (_, index) => index + 1);
  await Promise.all(codes.map((code) => launched(rig, `p${code}`, ['/bin/sh', '-c', `seq 1 2000; exit ${code}`])));
  const exits = await Promise.all(codes.map((code) => eventOf(rig, 'exit', `p${code}`)));
  expect(exits.map((event) => event.exit)).toEqual(codes.map((code) => ({ code, signal: null })));
  expect(rig.events.filter((event) => event.type === 'exit')).toHaveLength(20);
});

test('a program that closes its terminal and works on has not ended', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'quiet', [
    '/bin/sh',
    '-c',
    'trap "" HUP; exec <&- >&- 2>&-; while ! test -e go; do sleep 0.02; done; exit 6',
  ]);
  const facts = await until('tmux takes it for dead', async () => {
    const dead = byHand(rig, 'display-message', '-p', '-t', pane.pane, '#{pane_dead}').trim();
    return dead === '1' ? value(await rig.list()) : undefined;
  });
  expect(facts).toMatchObject([{ dead: false, exit: null }]);
  expect(isRunning(pane.pid)).toBe(true);
  byHand(rig, 'run-shell', `touch ${rig.home}/go`);
  expect((await eventOf(rig, 'exit')).exit).toEqual({ code: 6, signal: null });
});

test('an end is told at once, without waiting for the next look', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const waits: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    const pane = await launched(rig, `p${index}`, ['sleep', '100']);
    const before = performance.now();
    process.kill(pane.pid, 'SIGTERM');
    expect((await eventOf(rig, 'exit', `p${index}`)).exit).toEqual({ code: null, signal: 15 });
    waits.push(performance.now() - before);
  }
  // The subscription that serves as safety net would take a second; one late one is allowed on a loaded machine.
  expect(waits.toSorted((a, b) => a - b)[1]).toBeLessThan(300);
});

test.runIf(process.platform === 'linux')(
  'with a person attached, ends are still told and nothing is printed over their window',
  async () => {
    const rig = await tmuxRig();
    value(await rig.open());
    const watched = await launched(rig, 'watched', ['/bin/sh', '-c', 'echo mine; exec sleep 100']);
    // `script` gives the person a terminal.
    const command = rig.attachCommand(watched).map((word) => `'${word}'`);
    const person = spawn('/usr/bin/script', ['-qec', command.join(' '), '/dev/null'], {
      env: { PATH: process.env.PATH, TERM: 'xterm', TMUX: 'in another tmux' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    onTestFinished(() => void person.kill());
    let screen = '';
    person.stdout.on('data', (bytes: Buffer) => (screen += bytes.toString('latin1')));
    await until('the person sees the window', () => (screen.includes('mine') ? true : undefined));
    const ending = await launched(rig, 'ending', ['sleep', '100']);
    process.kill(ending.pid, 'SIGKILL');
    expect((await eventOf(rig, 'exit', 'ending')).exit).toEqual({ code: null, signal: 9 });
    expect(byHand(rig, 'display-message', '-p', '-t', watched.pane, '#{pane_in_mode}').trim()).toBe('0');
  },
);
