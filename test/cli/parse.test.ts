import { describe, expect, it } from 'vitest';
import { parseWhen } from '../../src/cli/age.ts';
import { parse } from '../../src/cli/parse.ts';
import { specs } from '../../src/cli/specs/index.ts';
import { CcmError } from '../../src/errors.ts';

const inputOf = (name: string, words: readonly string[]) => {
  const spec = specs.find((one) => one.name === name);
  if (!spec) throw new Error(`no command ${name}`);
  const parsed = parse(spec, words, 80);
  if ('help' in parsed) throw new Error('help');
  return parsed.input;
};
const trouble = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof CcmError) return `${thrown.message} ${String(thrown.extra?.['next'])}`;
    throw thrown;
  }
  return 'none';
};

describe('words', () => {
  it('that look like numbers stay what they are: short ids often do', () => {
    expect(inputOf('stop', ['00123', '1e555', '0x1f0', '--yes', '00456']).args).toEqual(['00123', '1e555', '0x1f0', '00456']);
    expect(inputOf('new', ['--title', '007', 'shop', '42']).text('title')).toBe('007');
  });

  it('of a prompt are taken as they were typed', () => {
    for (const prompt of ['--help', '-', '', '  ', '-n', '\ufdd00\ufdd0', 'a\nb', '--json=1'])
      expect(inputOf('new', ['shop', '--', prompt]).args).toEqual(['shop', prompt]);
  });

  it.each([[['--file', '-', 'shop']], [['--file=-', 'shop']], [['-f', '-', 'shop']], [['-f-', 'shop']], [['shop', '--file', '-']]])(
    'name standard input: %j',
    (words) => {
      const input = inputOf('new', words);
      expect([input.text('file'), input.args]).toEqual(['-', ['shop']]);
    },
  );

  it.each([[['--priority', '-5']], [['--priority=-5']], [['-p', '-5']], [['-p-5']], [['-p=-5']]])('hold a negative number: %j', (words) => {
    expect(inputOf('new', ['x', ...words]).number('priority', -10, 10)).toBe(-5);
  });

  it('repeat and separate by commas', () => {
    expect(inputOf('new', ['x', '--after', 'a,b', '--after', 'c']).list('after')).toEqual(['a', 'b', 'c']);
  });

  it('know flags, their negation and their absence', () => {
    expect([inputOf('up', []).flag('open'), inputOf('up', ['--no-open']).flag('open'), inputOf('up', ['-d']).flag('detach')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(inputOf('rm', ['x', '--dry-run']).flag('dry-run')).toBe(true);
  });
});

describe('mistakes', () => {
  it.each([
    ['new', ['x', '--agnet', 'claude'], 'ccm new has no option --agnet. Did you mean --agent?'],
    ['stop', ['x', '--dryrun'], 'ccm stop has no option --dryrun. Did you mean --dry-run?'],
    ['ls', ['-x'], 'ccm ls has no option -x.'],
    ['new', ['x', '--agent'], 'The option -a, --agent <name> needs its value.'],
    ['new', ['x', '--agent', '--wait'], 'The option -a, --agent <name> needs its value.'],
    ['new', ['fix', 'the', 'bug'], 'ccm new does not take `bug`. Put text of several words in quotes.'],
    ['show', [], 'Use: ccm show <id>'],
    ['ls', ['nonsense'], 'ccm ls does not take `nonsense`.'],
  ])('%s %j', (name, words, expected) => {
    expect(trouble(() => inputOf(name, words))).toContain(expected);
  });

  it('in numbers name the bounds', () => {
    for (const text of ['11', 'x', '1.5', ''])
      expect(trouble(() => inputOf('new', ['x', `--priority=${text}`]).number('priority', -10, 10))).toMatch(/-10 to 10|needs its value/);
  });
});

describe('instants', () => {
  const now = Date.UTC(2026, 2, 4, 12);
  it.each([
    ['+10m', now + 600_000],
    ['in 2h', now + 7_200_000],
    ['1h30m', now + 5_400_000],
    ['2026-03-05T09:00:00Z', Date.UTC(2026, 2, 5, 9)],
    ['2026-03-05T09:00:00+02:00', Date.UTC(2026, 2, 5, 7)],
    ['soon', null],
    ['25:00', null],
    ['10', null],
    ['2026-13-40', null],
  ])('%s', (text, expected) => {
    expect(parseWhen(text, now)).toBe(expected);
  });

  it('of a clock are the next ones', () => {
    const at = parseWhen('00:01', now) ?? 0;
    expect(at).toBeGreaterThan(now);
    expect(at - now).toBeLessThanOrEqual(24 * 3_600_000);
  });
});
