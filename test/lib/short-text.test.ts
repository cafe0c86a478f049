import { describe, expect, test } from 'vitest';
import { shortText, stripControls } from '../../src/lib/short-text.ts';

const esc = (text: string): string => text.replaceAll('^[', '\u001b').replaceAll('^G', '\u0007');

describe('stripControls', () => {
  test.each([
    ['colours', '^[[1;31mred^[[0m', 'red'],
    ['window titles, both ends', '^[]0;evil^Ga^[]2;x^[\\b', 'ab'],
    ['links', '^[]8;;https://x^[\\text^[]8;;^[\\', 'text'],
    ['device strings', '^[P+q544e^[\\ok', 'ok'],
    ['an unfinished string', 'keep^[]52;c;c2VjcmV0', 'keep'],
    ['an unfinished sequence', 'keep^[[1;', 'keep'],
    ['character sets and keypad', '^[(B^[=^[>x', 'x'],
    ['eight-bit forms', '\u009b31mred\u009d0;t\u009cx', 'redx'],
    ['single controls', 'a\u0000\u0008\u007fb', 'ab'],
    ['reading order tricks', 'user\u202etxt.exe\u2066', 'usertxt.exe'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
  ])('%s', (_name, dirty, clean) => {
    expect(stripControls(esc(dirty))).toBe(clean);
  });

  test('line breaks and tabs stay', () => {
    expect(stripControls('a\tb\r\nc')).toBe('a\tb\r\nc');
  });
});

describe('shortText', () => {
  test('is one line, trimmed, cut by what a reader sees as letters', () => {
    expect(shortText('  fix\n\n the\tbug ', 40)).toBe('fix the bug');
    expect(shortText('👩‍👩‍👧‍👦👍🏽e\u0301xyz', 4)).toBe('👩‍👩‍👧‍👦👍🏽e\u0301…');
    expect(shortText('👩‍👩‍👧‍👦👍🏽e\u0301', 3)).toBe('👩‍👩‍👧‍👦👍🏽e\u0301');
    expect(shortText('abcdef', 6)).toBe('abcdef');
    expect(shortText('abc defg', 5)).toBe('abc…');
    expect(shortText(' \n ', 5)).toBe('');
  });

  test('stays small and quick for hostile input', () => {
    const zalgo = `a${'\u0301'.repeat(50_000)}`;
    expect(shortText(`${zalgo}bc`, 80).length).toBeLessThan(64);
    const started = performance.now();
    shortText('\u001b]'.repeat(2_000_000), 80);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
