/** docs/security.md claims nothing that no test holds: each row has shipped lines, `./run campaign protections` takes them out, here they are found. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { protections, rowsOf } from '../simulation/protections/list.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const rows = rowsOf(read('docs/security.md'));

it.each(rows)('%s', (row) => {
  const mine = protections.filter((one) => row.startsWith(one.row));
  expect(mine).not.toEqual([]);
  for (const { what, file, from, to, test, only } of mine) {
    expect(read(file).split(from), what).toHaveLength(2);
    expect(to, what).not.toBe(from);
    expect(existsSync(join(root, test)), `${what}: ${test}`).toBe(true);
    if (only !== undefined) expect(read(test), `${what}: ${test}`).toContain(only);
  }
});

it('every line that is listed belongs to a claim', () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const { row, what } of protections)
    expect(
      rows.filter((one) => one.startsWith(row)),
      what,
    ).toHaveLength(1);
});
