/**
 * Plays the corpus in a process of its own, until the first case that is not true; one line of JSON says how it went. `node worker.ts looks,asks`
 * begins with these groups, `node worker.ts looks only` plays them alone.
 */
import { corpus, judge, tableRows } from './judge.ts';

export type Played = { passed: number; failed: { name: string; why: string } | null };

const [, , first = '', only] = process.argv;
const groups = first.split(',');
const place = (group: string): number => (groups.includes(group) ? groups.indexOf(group) : groups.length);
const all = [
  ...tableRows().map(({ name, judge: row }) => ({ group: 'the table', name, judge: () => Promise.resolve().then(row) })),
  ...corpus().flatMap(({ group, cases }) => cases.map((one) => ({ group, name: one.name, judge: () => judge(one) }))),
];
const chosen = all.filter(({ group }) => only === undefined || groups.includes(group)).toSorted((a, b) => place(a.group) - place(b.group));
const played: Played = { passed: 0, failed: null };
for (const one of chosen) {
  try {
    await one.judge();
    played.passed += 1;
  } catch (thrown) {
    played.failed = { name: `${one.group}: ${one.name}`, why: (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 400) };
    break;
  }
}
process.stdout.write(`${JSON.stringify(played)}\n`, () => process.exit(0));
