/** The database below the gateway: a PostgreSQL server by its address, or PGlite in a folder. */
import { createPgliteConnection } from '@supabase/lite/pglite';
import { createPostgresConnection } from '@supabase/lite/postgres';
import postgres from 'postgres';

export type Row = Record<string, unknown>;
export type Query = (text: string, values?: unknown[]) => Promise<Row[]>;
export type HubDatabase = {
  connection: ReturnType<typeof createPostgresConnection> | Awaited<ReturnType<typeof createPgliteConnection>>;
  query: Query;
  script(text: string): Promise<unknown>;
  /** Undone unless it ends well. */
  within<T>(work: (query: Query) => Promise<T>): Promise<T>;
  listen(channel: string, heard: (text: string) => void): Promise<unknown>;
  close(): Promise<void>;
};

export type Where = { databaseUrl: string } | { folder: string | null };

const onServer = (url: string): HubDatabase => {
  // lite hands JSON over as text already; the driver would write it a second time.
  const jsonb = {
    to: 3802,
    from: [3802],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  };
  const connection = createPostgresConnection({ url, postgresOptions: { types: { jsonb }, onnotice: () => undefined } });
  const sql = postgres(url, { onnotice: () => undefined, max: 4 });
  const unsafe =
    (on: Pick<typeof sql, 'unsafe'>): Query =>
    async (text, values = []) =>
      // The driver's own type of values leaves out what it takes: JSON.
      [...(await on.unsafe(text, values as never[]))] as Row[];
  return {
    connection,
    query: unsafe(sql),
    script: (text) => sql.unsafe(text).simple(),
    within: async <T>(work: (query: Query) => Promise<T>) => {
      const box: { value?: T } = {};
      await sql.begin(async (open) => {
        box.value = await work(unsafe(open));
      });
      return box.value as T;
    },
    listen: (channel, heard) => sql.listen(channel, heard),
    close: async () => {
      await sql.end({ timeout: 1 });
      await connection.close();
    },
  };
};

const inFolder = async (folder: string | null): Promise<HubDatabase> => {
  const connection = await createPgliteConnection(folder === null ? {} : { url: folder });
  const lite = connection.driver;
  return {
    connection,
    query: async (text, values = []) => (await lite.query<Row>(text, values)).rows,
    script: (text) => lite.exec(text),
    within: (work) => lite.transaction((open) => work(async (text, values = []) => (await open.query<Row>(text, values)).rows)),
    listen: (channel, heard) => lite.listen(channel, heard),
    close: async () => {
      await connection.close();
    },
  };
};

export const openDatabase = async (where: Where): Promise<HubDatabase> =>
  'databaseUrl' in where ? onServer(where.databaseUrl) : inFolder(where.folder);
