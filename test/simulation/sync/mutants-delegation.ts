/** Bugs of handing work over: some published, some our own that the simulation found. */
import { type Mutant, one } from './mutant.ts';

const rules = 'adapters/supabase/fake-rules.ts';
const capture = 'src/sync/capture.ts';
const claim = 'src/sync/claim.ts';
const mutate = 'src/sync/mutate.ts';
const takeBack = 'src/sync/take-back.ts';

export const delegationMutants: readonly Mutant[] = [
  one('an old fence is taken', rules, "if (state['owner'] !== system || state['fence'] !== arg['fence']) return '42501 stale fence';", ''),
  one('a task goes backwards', rules, "if (run < old || (run === old && wanted < rank(row))) return '42501 backwards';", ''),
  one('a cancelled task is given out', rules, "state['owner'] === system && state['cancel'] !== true)", "state['owner'] === system)"),
  one(
    'a claim gives no new fence',
    rules,
    "exec: 'claimed', fence: Number(row.state['fence']) + 1,",
    "exec: 'claimed', fence: Number(row.state['fence']),",
  ),
  one('a claim is given out twice', rules, "Number(row.state['leaseUntil']) < now", "Number(row.state['leaseUntil']) < now + 90_000"),
  one(
    'a task that was taken over goes on',
    'src/sync/react.ts',
    "return [event('STOP', { reason: `taken over by ${nameOf(owner)}` })];",
    'return [];',
  ),
  one(
    'how it goes on after a hand-over is not heard',
    'src/sync/react.ts',
    "return [event('HAND_OVER', { system: owner }), ...progress(row, event, nameOf(owner))];",
    "return [event('HAND_OVER', { system: owner })];",
  ),
  one(
    'a cancelled task goes on',
    'src/sync/react.ts',
    "return row.state['cancel'] === true && !actor.view.ended ?",
    "return row.state['cancel'] === 'never' ?",
  ),
  one(
    'the end of a task is not heard',
    'src/sync/react.ts',
    "case 'ended': {\n",
    "case 'ended': {\n      if (row.seq % 2 === 0) return [];\n",
  ),
  one(
    'an offer is made again to nobody',
    capture,
    "(row.seq > 0 || store.told('task', id))",
    "(row.seq > 0 || store.openOf('task', id).length > 0)",
  ),
  one('a claim whose answer was lost stays', claim, 'if (left.length > 0)', 'if (left.length < 0)'),
  one('an offer that is taken back leaves its edits', takeBack, "if (kind === 'offer')", "if (kind === 'done')"),
  one('a row is told in part', mutate, 'whole ? [...rest, ...edits] : fresh', 'fresh'),
  one('an old edit gets a new stamp', mutate, 'if (last && Object.keys(last.set).every((column) => column in set)) {', 'if (last) {'),
  one('edits stamped anew share a stamp', 'src/sync/settle.ts', 'ahead ? hubs : later(hubs, link.stamp)', 'hubs'),
];
