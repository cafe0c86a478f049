/** How SQLite would carry out what a part of the store asks of it: whether a look reads a whole table stands in the plan, not in the time it takes. */
import Database from 'better-sqlite3';
import { migrations } from '../../adapters/sqlite/migrations/index.ts';

/** The plan of each statement that `prepareAll` prepares and `concerns` lets through, as `steps <- statement`. */
export const queryPlans = (prepareAll: (db: Database.Database) => unknown, concerns: (statement: string) => boolean): string[] => {
  const db = new Database(':memory:');
  for (const { sql } of migrations) db.exec(sql);
  const prepared: string[] = [];
  const listening = new Proxy(db, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name);
      return (statement: string) => {
        prepared.push(statement);
        return target.prepare(statement);
      };
    },
  });
  prepareAll(listening);
  const plans = prepared.filter(concerns).map((statement) => {
    const values = (statement.match(/\?/g) ?? []).map(() => 'x');
    const steps = db.prepare<unknown[], { detail: string }>(`explain query plan ${statement}`).all(...values);
    return `${steps.map(({ detail }) => detail).join(' | ')} <- ${statement}`;
  });
  db.close();
  return plans;
};
