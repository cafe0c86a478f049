/** What every Terminal does, tmux or fake. Programs here read lines and print: they need no terminal features. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Result } from '../../src/errors.ts';
import type { LaunchSpec, PaneRef, Terminal, TerminalEvent } from '../../src/ports/terminal.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

export const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.detail}`);
  return result.value;
};
export const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.problem.code);

/** Writes down what it was given and what it reads, in its working folder. */
export const recorder = `
  const fs = require('node:fs');
  if (process.stdin.isTTY) { process.stdin.setRawMode(true); process.stdout.write('\\x1b[?2004h'); }
  fs.writeFileSync('input', '');
  fs.writeFileSync('born.tmp', JSON.stringify({ argv: process.argv.slice(1), env: process.env, cwd: process.cwd(), pid: process.pid }));
  fs.renameSync('born.tmp', 'born');
  process.stdin.on('data', (bytes) => fs.appendFileSync('input', bytes));
  console.log('recording');
`;

export const hostile = [
  '#{pane_id} #(touch pwned) #[fg=red] ##{x} ##[y] #H %H %%',
  '$(touch pwned) `touch pwned` $HOME ${HOME} ~ ~root',
  `'single' "double" '\\'' "\\"" \\ \\n \\\\ \\u0041 \\101`,
  '; kill-server ;; { } \\; && || | > pwned < x & #comment',
  'line one\nline two\n\n#{pane_id}\n%end 1 2 1\n  indented # x\n',
  '-t -- --help -',
  'emoji 👩‍👩‍👧 🏳️‍🌈 e\u0301 中文 עברית \u202Ereversed\u202C العربية',
  '%begin 1 1 1',
  '=:.@%1 !',
];

/** A paste without its brackets, line ends as the program means them. */
const plain = (input: string): string => input.replaceAll('\x1b[200~', '').replaceAll('\x1b[201~', '').replaceAll('\r', '\n');

export const terminalContract = (make: () => Promise<Terminal>): void => {
  let terminal: Terminal;
  let folder: string;
  let events: TerminalEvent[];

  beforeEach(async () => {
    terminal = await make();
    events = [];
    terminal.on((event) => events.push(event));
    folder = await tempFolder();
    value(await terminal.open());
  });

  const spec = (argv: string[], more: Partial<LaunchSpec> = {}): LaunchSpec => ({
    key: `key-${Math.random()}`,
    session: 'project',
    title: 'a title',
    cwd: folder,
    argv,
    env: { PATH: process.env.PATH ?? '' },
    ...more,
  });
  const node = (script: string, ...args: string[]): string[] => [process.execPath, '-e', script, '--', ...args];
  const launch = async (argv: string[], more?: Partial<LaunchSpec>): Promise<PaneRef> => value(await terminal.launch(spec(argv, more)));
  const file = (name: string): Promise<string | undefined> => readFile(join(folder, name), 'utf8').catch(() => undefined);
  const born = async (): Promise<{ argv: string[]; env: Record<string, string>; cwd: string; pid: number }> =>
    JSON.parse(await until('the program started', () => file('born')));
  const exitOf = (pane: PaneRef) =>
    until('an exit event', () => events.filter((event) => event.type === 'exit').find((event) => event.pane.pane === pane.pane));

  test('open tells connected, and again gives the same generation', async () => {
    const generation = terminal.generation();
    expect(generation).not.toBeNull();
    expect(events).toEqual([{ type: 'connected', generation }]);
    expect(value(await terminal.open())).toBe(generation);
  });

  test('a program gets its arguments byte for byte, without a shell or a format', async () => {
    await launch(node(recorder, ...hostile, ''));
    expect((await born()).argv).toEqual([...hostile, '']);
    expect(await file('pwned')).toBeUndefined();
  });

  test('a program sees the environment of its launch and nothing else', async () => {
    const env = { SECRET: hostile.join('\r\t'), EMPTY: '', 'odd.name': 'x', PATH: '/usr/bin:/bin' };
    const pane = await launch(node(recorder), { env });
    const seen = (await born()).env;
    delete seen.TERM;
    expect(seen).toEqual(env);
    expect((await born()).pid).toBe(pane.pid);
  });

  test('a launch of one word, with an odd name, in an odd folder', async () => {
    const odd = await tempFolder();
    folder = join(odd, "a #{pane_id} '$x' = ;b");
    await mkdir(folder);
    const program = join(folder, 'odd = #{pane_id} program');
    await writeFile(program, '#!/bin/sh\npwd > where.tmp; mv where.tmp where\nsleep 100\n', { mode: 0o755 });
    await launch([program], { env: {} });
    expect(await until('the program wrote', () => file('where'))).toBe(`${folder}\n`);
  });

  test('launching twice under one key gives one program', async () => {
    const same = spec(node(recorder));
    const panes = await Promise.all([terminal.launch(same), terminal.launch(same), terminal.launch(same)]);
    const again = value(await terminal.launch({ ...same, argv: ['false'] }));
    expect(panes.map(value)).toEqual([again, again, again]);
    expect(value(await terminal.list()).map((fact) => fact.pane)).toEqual([again.pane]);
  });

  test('a key whose window was closed launches nothing again', async () => {
    const same = spec(node(recorder));
    value(await terminal.kill(value(await terminal.launch(same))));
    expect(codeOf(await terminal.launch(same))).toBe('CCM_PANE_GONE');
    expect(value(await terminal.list())).toEqual([]);
  });

  test.each([
    ['a NUL in an argument', { argv: ['echo', 'a\0b'] }, 'CCM_BAD_INPUT'],
    ['a NUL in the environment', { env: { A: 'a\0b' } }, 'CCM_BAD_INPUT'],
    ['a variable with "=" in its name', { env: { 'A=B': 'c' } }, 'CCM_BAD_INPUT'],
    ['no program', { argv: [] }, 'CCM_BAD_INPUT'],
    ['a session name with meaning', { session: 'a:b' }, 'CCM_BAD_INPUT'],
    ['an argument no system takes', { argv: ['echo', 'x'.repeat(140_000)] }, 'CCM_TOO_LARGE'],
    ['more arguments than a system takes', { argv: Array<string>(20).fill('x'.repeat(60_000)) }, 'CCM_TOO_LARGE'],
    ['a folder that is not there', { cwd: '/nonexistent/folder' }, 'CCM_PATH_UNUSABLE'],
    ['a relative folder', { cwd: 'here' }, 'CCM_PATH_UNUSABLE'],
  ] as const)('refuses %s', async (_, wrong, code) => {
    const result = await terminal.launch({ ...spec(['true']), ...wrong, argv: [...('argv' in wrong ? wrong.argv : ['true'])] });
    expect(codeOf(result)).toBe(code);
    expect(value(await terminal.list())).toEqual([]);
  });

  test('carries long arguments and environments', async () => {
    const words = Array.from({ length: 6 }, (_, index) => `${index}'`.repeat(60_000));
    await launch(node(recorder, ...words), { env: { BIG: 'é"\n'.repeat(30_000) } });
    const seen = await born();
    expect(seen.argv).toEqual(words);
    expect(seen.env.BIG).toBe('é"\n'.repeat(30_000));
  });

  test('list tells what was launched', async () => {
    const pane = await launch(node(recorder), { key: 'a key, #{x}\n', title: `x\u0007 #{pane_id} \\ "${'y'.repeat(100)}` });
    const title = `x #{pane_id} \\ "${'y'.repeat(43)}…`;
    expect(value(await terminal.list())).toEqual([{ ...pane, key: 'a key, #{x}\n', session: 'project', title, dead: false, exit: null }]);
  });

  test.each([
    ['a status', 'process.exit(37)', { code: 37, signal: null }],
    ['success', '', { code: 0, signal: null }],
    ['a signal', 'process.kill(process.pid, "SIGKILL")', { code: null, signal: 9 }],
  ])('an end by %s is told once and stays listed', async (_, script, exit) => {
    const pane = await launch(node(script), { key: 'ending' });
    expect(await exitOf(pane)).toEqual({ type: 'exit', pane, key: 'ending', exit });
    expect(value(await terminal.list())).toMatchObject([{ pane: pane.pane, dead: true, exit }]);
    value(await terminal.kill(pane));
    expect(events.filter((event) => event.type === 'exit' || event.type === 'gone')).toHaveLength(1);
  });

  test('a program that does not exist ends with 127 and says so', async () => {
    // A terminal server may close the pane of a program that ends at once before it has read the last bytes: rarely, not every time.
    let said = '';
    for (let attempt = 0; said === '' && attempt < 5; attempt += 1) {
      const pane = await launch(['/nonexistent/program'], { key: `missing ${attempt}` });
      expect((await exitOf(pane)).exit).toEqual({ code: 127, signal: null });
      said = value(await terminal.capture(pane));
    }
    expect(said).toContain('/nonexistent/program');
  });

  test('a paste arrives whole, whatever it holds, then Enter', async () => {
    const pane = await launch(node(recorder));
    await born();
    const text = hostile.join('\n');
    value(await terminal.paste(pane, text, { submit: true, settleMs: 5 }));
    const input = await until('the text and Enter', async () => {
      const got = plain((await file('input')) ?? '');
      return got.length > text.length ? got : undefined;
    });
    expect(input).toBe(`${text}\n`);
    expect(await file('pwned')).toBeUndefined();
  });

  test('two pastes at once stay two', async () => {
    const pane = await launch(node(recorder));
    await born();
    const pastes = ['first', 'second'].map((text) => terminal.paste(pane, text, { submit: true, settleMs: 20 }));
    (await Promise.all(pastes)).forEach(value);
    const input = await until('both', async () => {
      const got = plain((await file('input')) ?? '');
      return got.length >= 13 ? got : undefined;
    });
    expect(input).toBe('first\nsecond\n');
  });

  test('typed bytes arrive as they are', async () => {
    const pane = await launch(node(recorder));
    await born();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    value(await terminal.type(pane, bytes));
    const input = await until('all bytes', async () => {
      const got = await readFile(join(folder, 'input'));
      return got.length >= 256 ? got : undefined;
    });
    expect([...input]).toEqual([...bytes]);
  });

  test('C-c interrupts; unknown keys are refused', async () => {
    const pane = await launch(['/bin/sh', '-c', 'echo ready; exec sleep 100']);
    await until('it runs', async () => (value(await terminal.capture(pane)).includes('ready') ? true : undefined));
    expect(codeOf(await terminal.keys(pane, ['Enter; kill-server']))).toBe('CCM_BAD_INPUT');
    value(await terminal.keys(pane, ['C-c']));
    const { exit } = await exitOf(pane);
    expect(exit.signal === 2 || exit.code === 130).toBe(true);
  });

  test('capture gives the screen, and history on request', async () => {
    const pane = await launch(['/bin/sh', '-c', 'seq 1 100; echo end; sleep 100'], { size: { cols: 40, rows: 10 } });
    await until('the last line', async () => (value(await terminal.capture(pane)).includes('end') ? true : undefined));
    const screen = value(await terminal.capture(pane));
    expect(screen.split('\n').length).toBeLessThanOrEqual(10);
    expect(screen).not.toContain('\n90\n');
    expect(value(await terminal.capture(pane, { history: 200 }))).toBe(
      `${Array.from({ length: 100 }, (_, line) => line + 1).join('\n')}\nend`,
    );
  });

  test('a watcher gets the screen and then what comes, until it closes', async () => {
    const pane = await launch(['/bin/sh', '-c', 'echo before; while read line; do echo "got $line"; done']);
    await until('the first line', async () => (value(await terminal.capture(pane)).includes('before') ? true : undefined));
    const seen: Array<[string, string]> = [];
    const text = (who: string): string =>
      seen
        .filter(([name]) => name === who)
        .map(([, bytes]) => bytes)
        .join('');
    const watch = (name: string) => terminal.watch(pane, (bytes) => seen.push([name, Buffer.from(bytes).toString('utf8')]));
    const one = value(await watch('one'));
    const two = value(await watch('two'));
    expect(text('one')).toContain('before');
    value(await terminal.paste(pane, 'alpha', { submit: true, settleMs: 0 }));
    await until('live bytes', () => (text('one').includes('got alpha') && text('two').includes('got alpha') ? true : undefined));
    one.close();
    const before = text('one');
    two.pause();
    value(await terminal.paste(pane, 'beta', { submit: true, settleMs: 0 }));
    await until('the program saw it', async () => (value(await terminal.capture(pane)).includes('got beta') ? true : undefined));
    expect(text('two')).not.toContain('got beta');
    two.resume();
    await until('a repaint', () => (text('two').includes('got beta') ? true : undefined));
    expect(text('one')).toBe(before);
    two.close();
  });

  test('a killed window is gone; killing it again is fine; nothing else works on it', async () => {
    const pane = await launch(node(recorder), { key: 'victim' });
    await born();
    expect(value(await terminal.descendants(pane))).toEqual([pane.pid]);
    value(await terminal.kill(pane));
    value(await terminal.kill(pane));
    await until('the event', () => events.find((event) => event.type === 'gone' && event.key === 'victim'));
    await until('the program ended', () => (isRunning(pane.pid) ? undefined : true));
    const answers = await Promise.all([
      terminal.capture(pane),
      terminal.paste(pane, 'x', { submit: false, settleMs: 0 }),
      terminal.keys(pane, ['Enter']),
      terminal.type(pane, new Uint8Array([1])),
      terminal.watch(pane, () => undefined),
      terminal.resize(pane, 80, 24),
      terminal.descendants(pane),
    ]);
    expect(answers.map(codeOf)).toEqual(answers.map(() => 'CCM_PANE_GONE'));
    expect(codeOf(await terminal.capture({ ...pane, generation: '1:1' }))).toBe('CCM_PANE_GONE');
    expect(value(await terminal.list())).toEqual([]);
  });

  test('a program that ended takes no input', async () => {
    const pane = await launch(['true']);
    await exitOf(pane);
    expect(codeOf(await terminal.paste(pane, 'lost words', { submit: true, settleMs: 0 }))).toBe('CCM_PANE_GONE');
    expect(codeOf(await terminal.keys(pane, ['Enter']))).toBe('CCM_PANE_GONE');
  });

  test('descendants are told leaves first', async () => {
    const pane = await launch(['/bin/sh', '-c', '/bin/sh -c "sleep 100; :" & echo up; wait']);
    const pids = await until('three processes', async () => {
      const found = value(await terminal.descendants(pane));
      return found.length === 3 ? found : undefined;
    });
    expect(pids.at(-1)).toBe(pane.pid);
    expect(isRunning(pids[0] ?? 0)).toBe(true);
    value(await terminal.kill(pane));
    for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });

  test('the server can be ended, and the next one is another generation', async () => {
    const before = value(await terminal.open());
    const pane = await launch(node(recorder));
    value(await terminal.killServer());
    expect(terminal.generation()).toBeNull();
    expect(events.filter((event) => event.type === 'serverLost')).toEqual([{ type: 'serverLost', generation: before }]);
    expect(codeOf(await terminal.list())).toBe('CCM_TMUX_LOST');
    await until('the program ended', () => (isRunning(pane.pid) ? undefined : true));
    expect(value(await terminal.open())).not.toBe(before);
    expect(value(await terminal.list())).toEqual([]);
    expect(codeOf(await terminal.capture(pane))).toBe('CCM_PANE_GONE');
  });
};

export const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // No such process.
  }
};
