/** How SQLite would carry out what a part of the store asks of it: whether a look reads a whole table stands in the plan, not in the time it takes. */
import Database from 'better-sqlite3';
import { migrations } from '../../adapters/sqlite/migrations/index.ts';

const emptyStore = (): Database.Database => {
  const db = new Database(':memory:');
  for (const { sql } of migrations) db.exec(sql);
  return db;
};

const explain = (db: Database.Database, statement: string): string => {
  const values = (statement.match(/\?/g) ?? []).map(() => 'x');
  const steps = db.prepare<unknown[], { detail: string }>(`explain query plan ${statement}`).all(...values);
  return steps.map(({ detail }) => detail).join(' | ');
};

export const plansOf = (statements: readonly string[]): string[] => {
  const db = emptyStore();
  const plans = statements.map((statement) => explain(db, statement));
  db.close();
  return plans;
};

/** The plan of each statement that `prepareAll` prepares and `concerns` lets through, as `steps <- statement`. */
export const queryPlans = (prepareAll: (db: Database.Database) => unknown, concerns: (statement: string) => boolean): string[] => {
  const db = emptyStore();
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
  const plans = prepared.filter(concerns).map((statement) => `${explain(db, statement)} <- ${statement}`);
  db.close();
  return plans;
};
