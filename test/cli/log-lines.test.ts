import { describe, expect, it } from 'vitest';
import { fresh } from '../../src/cli/log-lines.ts';

describe('what is new on a screen', () => {
  it.each([
    ['everything at first', [], ['a', 'b'], ['a', 'b']],
    ['nothing when nothing changed', ['a', 'b'], ['a', 'b'], []],
    ['what was added', ['a', 'b'], ['a', 'b', 'c'], ['c']],
    ['what was added while old lines scrolled out', ['a', 'b', 'c'], ['b', 'c', 'd', 'e'], ['d', 'e']],
    ['a last line that grew', ['a', 'b'], ['a', 'bb', 'c'], ['bb', 'c']],
    ['everything when nothing is known any more', ['a', 'b'], ['x', 'y'], ['x', 'y']],
    ['nothing of an empty screen', [''], [''], []],
    ['lines that repeat, once each', ['a', 'a'], ['a', 'a', 'a'], ['a']],
  ])('%s', (_, before, now, expected) => {
    expect(fresh(before, now)).toEqual(expected);
  });
});
