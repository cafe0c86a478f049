/** Bugs that published sync engines had, and some of our own, put back into the shipped code: the simulation must see each. */
import { type Mutant, one } from './mutant.ts';
import { delegationMutants } from './mutants-delegation.ts';

const settle = 'src/sync/settle.ts';
const cycle = 'src/sync/cycle.ts';
const apply = 'src/sync/apply.ts';
const rules = 'adapters/supabase/fake-rules.ts';
const engine = 'src/sync/engine.ts';
const leaving = 'src/sync/leaving.ts';
const applied = 'settled.applied.push(one);';

const protocolMutants: readonly Mutant[] = [
  one('a repeat counts again', 'adapters/supabase/fake.ts', 'if (known) return { op: op.op, ...known };', ''),
  one(
    'an answer removes all that waits for the row',
    settle,
    applied,
    `for (const each of store.openOf(one.tbl, one.id)) store.mark(each.op, 'applied', { epoch: answer.epoch, at: now }); ${applied}`,
  ),
  one(
    'an answer removes all that waits',
    settle,
    applied,
    `for (const each of store.due(1000)) store.mark(each.op, 'applied', { epoch: answer.epoch, at: now }); ${applied}`,
  ),
  one(
    'the cursor is kept before the rows',
    cycle,
    'const changes = await commit(() => {',
    `const to = page.rows.at(-1)?.seq;
    if (to !== undefined && !page.reset) {
      await commit(() => { const early = store.link(); if (early?.epoch === page.epoch) store.setLink({ ...early, cursor: to }); });
      asked.after = to;
    }
    const changes = await commit(() => {`,
  ),
  one(
    'numbers become visible out of order',
    rules,
    'seq > (reset ? 0 : after))',
    'seq > (reset ? 0 : after) && (seq !== user.seq - 1 || seq % 3 !== 0))',
  ),
  one(
    'the cursor is the clock of a device',
    rules,
    'const reset = epoch !== user.epoch;',
    `const reset = epoch !== user.epoch;
  const timed = [...user.rows.values()].map((row) => ({ ...row, seq: Math.max(1, ...Object.values(row.clk).map((stamp) => Number(stamp.slice(0, 15)) - 1767225000000)) }));
  if (timed.length > 0) return { epoch: user.epoch, head: Math.max(...timed.map(({ seq }) => seq)), now, reset, rows: structuredClone(timed.filter(({ seq }) => seq > (reset ? 0 : after)).toSorted((a, b) => a.seq - b.seq).slice(0, limit)) };`,
  ),
  one('what comes overwrites an edit that waits', 'src/sync/merge.ts', "if (stamp <= (clk[column] ?? '')) continue;", ''),
  one('the last to arrive wins', rules, "if ((out.clk[column] ?? '') >= hlc) continue;", ''),
  {
    name: 'stamps ignore those that were seen',
    patches: [
      { file: apply, from: 'link.stamp = later(link.stamp, merged.latest);', to: '' },
      { file: 'src/sync/mutate.ts', from: "later(stamp, stamps[column] ?? '')", to: 'stamp' },
    ],
  },
  one('an edit brings a deleted row back', rules, 'const del = (row?.del ?? false) || op.kind', 'const del = op.kind'),
  one('a machine lets a deleted row come back', apply, 'del: row.del || incoming.del,', 'del: incoming.del && incoming.seq % 2 === 0,'),
  one(
    'a deletion leaves no trace',
    rules,
    "const del = (row?.del ?? false) || op.kind === 'del';",
    "const del = (row?.del ?? false) || op.kind === 'del';\n  if (del) { user.rows.delete(`${op.tbl} ${op.id}`); return null; }",
  ),
  one('what is refused is sent for ever', settle, "store.mark(one.op, 'rejected', {", "store.mark(one.op, 'queued', {"),
  one('a hub that went back is believed', rules, 'seen !== null && !((user.seals', 'seen !== null && seen.seq < 0 && !((user.seals'),
  one(
    'a hub that went back is known by its numbers only',
    rules,
    '!((user.seals.get(seen.seal) ?? -1) >= seen.seq)',
    'seen.seq > user.seq',
  ),
  one('a machine that only reads believes a hub that went back', cycle, 'if (whole.lost && ', 'if (whole.lost && whole.head === -1 && '),
  one(
    'what was taken is not remembered as seen',
    'src/sync/claim.ts',
    'present.epoch === epoch && seen ?',
    'present.epoch === null && seen ?',
  ),
  one('what is changed keeps its id', 'src/sync/mutate.ts', 'store.refold(last.op, { op,', 'store.refold(last.op, { op: last.op,'),
  one(
    'a late sign-out ends the session of who signed in meanwhile',
    leaving,
    "if (!['signedOut', 'localOnly'].includes(status())) return;",
    '',
  ),
  {
    name: 'an answer of another history counts',
    patches: [
      { file: settle, from: 'if (link.epoch !== sentIn) return settled;', to: '' },
      { file: settle, from: 'if (answer.resync || (link.epoch !== null && answer.epoch !== link.epoch)) {', to: 'if (answer.resync) {' },
    ],
  },
  one('a new history sends nothing again', settle, 'store.requeue(epoch)', 'epoch'),
  {
    name: 'nothing is sent after the line is back',
    patches: [
      { file: engine, from: 'clock.after(SOON_MS, kick);\n        return outcome', to: 'return outcome' },
      { file: engine, from: 'if (connected.has(status()) && sync.pending() > 0) kick();', to: '' },
      { file: engine, from: 'poll = clock.after(wait, kick);', to: '' },
    ],
  },
  one(
    'a failed push counts as done',
    cycle,
    'if (!answer.ok) {\n',
    "if (!answer.ok) {\n      await commit(() => plan.batch.forEach(({ op }) => store.mark(op, 'applied', { epoch: plan.epoch, at: now() })));\n",
  ),
  one('the head is taken for the data', apply, 'link.cursor = cursor;', 'link.cursor = Math.max(cursor, page.head ?? 0);'),
  one(
    'the lost session clears the queue',
    engine,
    'await door.leave(signOut);',
    'if (signOut) store.sync.forget(); await door.leave(signOut);',
  ),
  one(
    'a change of state is not marked',
    'adapters/sqlite/migrations/20261124-sync.ts',
    '(new.status, new.title, new.priority) is not (old.status, old.title, old.priority)',
    '(new.title, new.priority) is not (old.title, old.priority)',
  ),
  one(
    'marks are cleared before the operations are kept',
    'src/sync/capture.ts',
    'for (const { tbl, id } of marked) {',
    'for (const { tbl, id } of marked.slice(0, 1)) {\n    for (const each of marked) store.clean(each.tbl, each.id);',
  ),
  one(
    'a restart remembers that it was online',
    'machines/sync-link.ts',
    "BOOTED: { target: '#sync-link.offline', actions: ['forget', ...prove] },",
    '',
  ),
  one(
    'an answer that never comes proves the link',
    engine,
    'return outcome(eventOf(answer.trouble, number));',
    "return outcome({ type: 'PROVEN', round: number, backlog: false });",
  ),
];

export const mutants: readonly Mutant[] = [...protocolMutants, ...delegationMutants];
