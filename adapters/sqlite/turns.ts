/** The turns of agents as they go. What is old is made sums of by `usage-fold.ts`. */
import { type SqlBool, sql } from 'kysely';
import type { TurnBook } from '../../src/ports/usage.ts';
import { build, type Statements, slot } from './statements.ts';

export const turnsTable = ({ run, one }: Statements): TurnBook => {
  const going = one(build.selectFrom('turns').select('began').where('agent', '=', slot('agent')).where(sql<SqlBool>`over = 0`).limit(1));
  const begin = run(
    build
      .insertInto('turns')
      .values({
        agent: slot('agent'),
        began: slot('at'),
        task: slot('task'),
        project: slot('project'),
        profile: slot('profile'),
        day: slot('day'),
        at: slot('at'),
        turns: 1,
        busy_ms: 0,
        busy_since: slot('at'),
        over: 0,
      })
      // Two that begin in one step of the clock share a row.
      .onConflict((conflict) =>
        conflict.columns(['agent', 'began']).doUpdateSet({ turns: sql`turns.turns + 1`, busy_since: slot('at'), over: 0 }),
      ),
  );
  const open = build.updateTable('turns').where('agent', '=', slot('agent')).where(sql<SqlBool>`over = 0`);
  // A clock that was set back makes no time undone.
  const settled = { busy_ms: sql<number>`busy_ms + coalesce(max(0, ${slot('at')} - busy_since), 0)`, busy_since: null };
  const busy = run(open.where('busy_since', 'is', null).set({ busy_since: slot('at') }));
  const rest = run(open.set(settled));
  const end = run(open.set({ ...settled, over: 1 }));
  return {
    going: (agent) => going({ agent }) !== undefined,
    begin: (turn) => void begin(turn),
    busy: (agent, at) => void busy({ agent, at }),
    rest: (agent, at) => void rest({ agent, at }),
    end: (agent, at) => void end({ agent, at }),
  };
};
