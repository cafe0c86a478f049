import { describe, expect, it } from 'vitest';
import { paintFor } from '../../src/cli/paint.ts';
import { pairs, table } from '../../src/cli/table.ts';
import { cut, oneLine, pad, safeText, widthOf, wrap } from '../../src/cli/width.ts';

const plain = (text: string): string => text;

describe('cells of text', () => {
  it.each([
    ['abc', 3],
    ['修正', 4],
    ['한글', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['🚀', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['שלום', 4],
    ['a\u200bb', 2],
    ['…', 1],
    ['●', 1],
  ])('%s', (text, cells) => {
    expect(widthOf(text)).toBe(cells);
  });

  it.each([
    ['abcdef', 4, 'abc…'],
    ['修正する', 5, '修正…'],
    ['修正する', 4, '修…'],
    ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
    ['abc', 3, 'abc'],
    ['abc', 0, ''],
  ])('cut %s to %i', (text, cells, expected) => {
    expect(cut(text, cells)).toBe(expected);
    expect(widthOf(cut(text, cells))).toBeLessThanOrEqual(cells);
  });

  it('fills with spaces by cells, not by letters', () => {
    expect(widthOf(pad('修正', 7))).toBe(7);
  });

  it('wraps at spaces, breaks what is longer than a line, and never exceeds the width', () => {
    const lines = wrap(`${'word '.repeat(10)}${'x'.repeat(30)} 修正修正修正修正修正`, 12);
    expect(lines.every((line) => widthOf(line) <= 12)).toBe(true);
    expect(lines.join('').replaceAll(' ', '')).toBe(`${'word'.repeat(10)}${'x'.repeat(30)}修正修正修正修正修正`);
  });
});

describe('text from outside', () => {
  it('cannot steer the terminal', () => {
    const evil = 'ok\u001b]0;title\u0007\u001b[2J\u001b[31mred\u0000\b\r\nnext\u202eback\u009b5m';
    expect(oneLine(evil)).toBe('okred nextback');
  });

  it('cannot overwrite the beginning of its line with a carriage return', () => {
    expect(safeText('safe\rEVIL')).toBe('safe\nEVIL');
  });
});

describe('table', () => {
  const columns = [{ title: 'ID' }, { title: 'TITLE', flex: true }, { title: 'PROJECT', spare: 1 }, { title: 'AGE', right: true }];
  const rows = [
    ['7k3qd', '修正する '.repeat(20), 'shop', '5m'],
    ['abcde', 'short', 'a project', '12h'],
  ];

  it.each([40, 60, 80, 120])('fits %i cells, columns aligned', (width) => {
    const lines = table(columns, rows, width, plain);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
    // The last column ends in the same cell on every line.
    expect(new Set(lines.map(widthOf)).size).toBe(1);
  });

  it('leaves a spare column out before it cuts the title to nothing', () => {
    expect(table(columns, rows, 36, plain)[0]).not.toContain('PROJECT');
    expect(table(columns, rows, 80, plain)[0]).toContain('PROJECT');
  });

  it('paints without changing the width', () => {
    const painted = table([{ title: 'A' }, { title: 'B' }], [[{ text: 'x', paint: paintFor(true).red }, 'y']], 80, plain);
    expect(painted[1]).toBe('\u001b[31mx\u001b[39m  y');
  });

  it('wraps the values of pairs under their column', () => {
    const lines = pairs(
      [
        ['label', 'word '.repeat(40)],
        ['none', null],
        ['blank', ''],
      ],
      40,
      plain,
    );
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.every((line) => widthOf(line) <= 40)).toBe(true);
    expect(lines.slice(1).every((line) => line.startsWith('       word'))).toBe(true);
  });
});

describe('the text that needs no segmenter', () => {
  it('is as wide as it is long', () => {
    for (const text of [
      '● working',
      '○ queued',
      '◐ starting',
      '■ cancelled',
      '‖ paused',
      '✓ ok',
      '✗ bad',
      '3 files +40 −2 · ok → x │ …',
      'Größe',
      'Ёлка',
      'λόγος',
    ]) {
      const cells = [...new Intl.Segmenter().segment(text)].length;
      expect([text, widthOf(text)]).toEqual([text, cells]);
      expect(cells).toBe(text.length);
    }
  });
});
