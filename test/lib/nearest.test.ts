import { expect, it } from 'vitest';
import { nearest, slips } from '../../src/lib/nearest.ts';

it.each([
  ['kitten', 'sitting', 3],
  ['prot', 'port', 1],
  ['', 'abc', 3],
  ['same', 'same', 0],
])('counts the slips between %j and %j', (a, b, count) => {
  expect([slips(a, b), slips(b, a)]).toEqual([count, count]);
});

it('names what could have been meant, nearest first, and nothing far-fetched', () => {
  expect(nearest('cluade', ['gemini', 'claude', 'codex'])).toEqual(['claude']);
  expect(nearest('clau', ['claude', 'codex'])).toEqual(['claude']);
  expect(nearest('zebra', ['claude', 'codex'])).toEqual([]);
  expect(nearest('', ['claude'])).toEqual([]);
});
