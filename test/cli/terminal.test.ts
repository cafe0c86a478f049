/** The commands in a real terminal of 80 columns: tmux on a socket of the test's own. */
import { describe, expect, it } from 'vitest';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { terminal } from '../support/in-terminal.ts';
import { until } from '../support/until.ts';

describe('in a terminal', () => {
  it('ls -w draws, follows what happens, and gives the screen back on q', async () => {
    const daemon = await furnishedDaemon();
    const { type, see, press, shown } = await terminal(daemon.home);
    await type('ls -w');
    await see('q quits');
    const working = [...daemon.house.tasks.values()].find(({ short }) => short === daemon.ids.working);
    await until('a reader of the feed', () => (daemon.house.feed.readers() > 0 ? true : undefined));
    daemon.step(working?.id ?? '', { status: 'paused' });
    await see('‖ paused');
    await daemon.stop();
    await see('The daemon is away; waiting for it.');
    await daemon.start();
    await see('q quits');
    await press('q');
    await see('[0]');
    expect(await shown()).toContain('ls -w');
    expect(await shown()).not.toContain('q quits');
  });

  it('colours are there for a terminal, and not with NO_COLOR or --no-color', async () => {
    const daemon = await furnishedDaemon();
    const painted = async (words: string, env = ''): Promise<boolean> => {
      const { type, see, shown } = await terminal(daemon.home, { env });
      await type(words);
      await see('[0]');
      return (await shown('-e')).includes('\u001b[32m● working');
    };
    expect(await painted('ls')).toBe(true);
    expect(await painted('ls', 'NO_COLOR=1')).toBe(false);
    expect(await painted('ls --no-color')).toBe(false);
    expect(await painted('ls', 'TERM=dumb')).toBe(false);
  });

  it('ls -w steers no dumb terminal: it prints the list again when it has changed', async () => {
    const daemon = await furnishedDaemon();
    const { type, see, press } = await terminal(daemon.home, { env: 'TERM=dumb' });
    await type('ls -w');
    await see('● working');
    const working = [...daemon.house.tasks.values()].find(({ short }) => short === daemon.ids.working);
    await until('a reader of the feed', () => (daemon.house.feed.readers() > 0 ? true : undefined));
    daemon.step(working?.id ?? '', { status: 'paused' });
    const screen = await see('‖ paused');
    expect(screen).toContain('● working');
    expect(screen).not.toContain('q quits');
    await press('C-c');
    await see('[0]');
  });

  it('replay --step walks back and forth', async () => {
    const daemon = await furnishedDaemon();
    const { type, see, press } = await terminal(daemon.home);
    await type(`replay ${daemon.ids.working} --step`);
    await see('3 of 3');
    await press('Left');
    expect(await see('2 of 3')).toMatch(/event +GRANTED/);
    await press('g');
    await see('1 of 3');
    await press('n');
    await see('2 of 3');
    await press('q');
    await see('[0]');
  });

  it('new --wait counts the seconds in place', async () => {
    const daemon = await furnishedDaemon();
    const { type, see } = await terminal(daemon.home);
    await type('new shop "Take your time" --wait');
    await see(/[12]s {2}○ queued/);
    const task = [...daemon.house.tasks.values()].at(-1);
    daemon.step(task?.id ?? '', { status: 'succeeded', ended: true });
    const screen = await see('[0]');
    // Each state on one line: what ticked was written over.
    expect(screen.match(/queued/g)).toHaveLength(2);
  });

  it('attach runs what the API says, in this terminal', async () => {
    const daemon = await furnishedDaemon();
    const { type, see } = await terminal(daemon.home);
    await type(`attach ${daemon.ids.working}`);
    expect(await see('[0]')).toContain(`attached to ${daemon.ids.working}`);
  });

  it('a narrow terminal leaves columns out instead of breaking lines', async () => {
    const daemon = await furnishedDaemon();
    const { type, see } = await terminal(daemon.home, { columns: 44 });
    await type('ls');
    const screen = await see(/AGE[\s\S]*\[0\]/);
    expect(screen).not.toContain('PROJECT');
    expect(screen).toMatch(/^\w{5} {2}● working +Fix the/m);
  });
});
