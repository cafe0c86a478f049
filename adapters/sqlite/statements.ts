/** kysely builds and compiles each query once; better-sqlite3 runs the prepared statement. A `slot` marks a value given at each call. */
import type { Database } from 'better-sqlite3';
import { type Compilable, DummyDriver, Kysely, type RawBuilder, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import type { Tables } from './schema.ts';
import { translate } from './trouble.ts';

export type Value = string | number | null;

/** Only builds: it has no connection. */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

type Args = Readonly<Record<string, Value>>;
type Slot = { slot: string };
const isSlot = (value: unknown): value is Slot => typeof value === 'object' && value !== null && 'slot' in value;

/** A value filled in at each call, by name. */
export const slot = <T = never>(name: string): RawBuilder<T> => sql<T>`${{ slot: name } satisfies Slot}`;

/**
 * SQLite likes to plan by the value of a bare `?` (after `limit`, or where an order or a partial index is weighed), and to be able to it prepares
 * the statement anew at every run: ten times the work of the run itself. Behind a sign it is no value to plan by, and nothing else changes.
 */
export const preparedOnce = (text: string): string =>
  text.replaceAll(/ (limit|offset) \?/g, ' $1 (? + 0)').replaceAll(/ (=|!=|<|<=|>|>=) \?/g, ' $1 +?');

export const statements = (db: Database) => {
  const prepare = (query: Compilable<unknown>) => {
    const compiled = query.compile();
    const statement = db.prepare<unknown[], unknown>(preparedOnce(compiled.sql));
    const parameters = compiled.parameters;
    const names = parameters.map((value) => (isSlot(value) ? value.slot : null));
    return {
      statement,
      bind: (args: Args): unknown[] => {
        // On the path of every step: a loop costs half of what `map` does.
        const values: unknown[] = [];
        for (let index = 0; index < names.length; index += 1) {
          const name = names[index];
          values.push(name === null || name === undefined ? parameters[index] : args[name]);
        }
        return values;
      },
    };
  };
  /** For INSERT, UPDATE, DELETE: how many rows, and the last row id. */
  const run = (query: Compilable<unknown>) => {
    const { statement, bind } = prepare(query);
    return (args: Args): { changes: number; id: number } => {
      try {
        const done = statement.run(...bind(args));
        return { changes: done.changes, id: Number(done.lastInsertRowid) };
      } catch (error) {
        throw translate(error, db);
      }
    };
  };
  /** For SELECT: the first row. */
  const one = <R>(query: Compilable<R>) => {
    const { statement, bind } = prepare(query);
    return (args: Args): R | undefined => {
      try {
        return statement.get(...bind(args)) as R | undefined;
      } catch (error) {
        throw translate(error, db);
      }
    };
  };
  /** For SELECT: every row. */
  const all = <R>(query: Compilable<R>) => {
    const { statement, bind } = prepare(query);
    return (args: Args): R[] => {
      try {
        return statement.all(...bind(args)) as R[];
      } catch (error) {
        throw translate(error, db);
      }
    };
  };
  return { run, one, all };
};
export type Statements = ReturnType<typeof statements>;
