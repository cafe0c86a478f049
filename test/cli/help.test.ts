import { describe, expect, it } from 'vitest';
import { specs } from '../../src/cli/specs/index.ts';
import { widthOf } from '../../src/cli/width.ts';
import { runInside } from '../support/cli-world.ts';

const run = (words: readonly string[]) => runInside(words, '/nowhere/home');

describe('--help', () => {
  it.each(specs.map((spec) => [spec.name, spec] as const))('of %s says what it does and shows an example', async (name, spec) => {
    const { code, stdout, stderr } = await run([...name.split(' '), '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(spec.summary.split(' ').slice(0, 3).join(' '));
    expect(stdout).toMatch(/\nExamples\n {2}ccm \S/);
    expect(stdout.split('\n').filter((line) => widthOf(line) > 80 && !line.startsWith('  ccm '))).toEqual([]);
    for (const [line] of spec.examples) expect(line.startsWith(name.startsWith('__') ? name : (name.split(' ')[0] ?? ''))).toBe(true);
  });

  it.each(specs.filter(({ name }) => name.includes(' ')).map(({ name }) => [name.split(' ')[0] ?? '']))(
    'of the family %s lists its commands',
    async (family) => {
      const { code, stdout } = await run([family, '--help']);
      expect(code).toBe(0);
      for (const spec of specs.filter(({ name }) => name.startsWith(`${family} `))) expect(stdout).toContain(`ccm ${spec.name}`);
    },
  );

  it('lists every command once, within 80 columns', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const { name, hidden } of specs) expect(stdout.includes(`\n  ${name} `)).toBe(!hidden);
    expect(Math.max(...stdout.split('\n').map(widthOf))).toBeLessThanOrEqual(80);
  });

  it('is asked for in every customary way', async () => {
    const { stdout: plain } = await run(['show', '--help']);
    for (const words of [
      ['help', 'show'],
      ['show', '-h'],
      ['--help', 'show'],
      ['show', 'x', '--help'],
    ])
      expect((await run(words)).stdout).toBe(plain);
    expect((await run(['help'])).stdout).toBe((await run(['-h'])).stdout);
  });

  it('comes unasked, on stderr and with exit 2, when there are no words', async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('ccm <command> [options]');
  });
});

describe('an unknown command', () => {
  it.each([
    [['sotp'], 'Did you mean `ccm stop`?'],
    [['lst'], 'Did you mean `ccm ls`?'],
    [['projects'], 'Did you mean `ccm project`?'],
    [['project', 'ad'], 'Did you mean `ccm project add`?'],
    [['qqqqqq'], '`ccm --help` lists all commands.'],
  ])('%j', async (words, hint) => {
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(hint);
  });
});
