/** Every policy, grant, lock and check of the hub's SQL, taken out one by one: the matrix and the contract on a real PostgreSQL must notice each. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { startPostgres } from '../support/hub/postgres.ts';
import type { Campaign, CampaignReport } from './report.ts';
import { sideBySide, startingAt } from './sync/players.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const folder = here('../../adapters/supabase/supabase/migrations/');

export type SqlMutant = { name: string; at: number; length: number; to: string };

/** Read from the text itself, so that what is added later is taken out too. */
const kinds: ReadonlyArray<{ what: string; find: RegExp; to: string }> = [
  { what: 'policy shows everybody’s rows', find: /user_id = \(select auth\.uid\(\)\) and (?=\(select ccm_private)/g, to: '' },
  { what: 'policy asks for no second factor', find: / and \(select ccm_private\.strong\(\)\)/g, to: '' },
  { what: 'doorbell heard by all', find: /\(select realtime\.topic\(\)\) = 'ccm:' \|\| \(select auth\.uid\(\)\)::text and /g, to: '' },
  { what: 'no row security', find: /alter table public\.\w+ enable row level security;/g, to: '' },
  { what: 'what was granted by itself stays', find: /revoke all on public\.[^;]+;/g, to: '' },
  { what: 'more than reading is granted', find: /grant select \([^)]+\) on/g, to: 'grant all on' },
  { what: 'calls stay open to all', find: /revoke execute on [^;]+;/g, to: '' },
  { what: 'a check is left out', find: /if (?!exists|not found|found)[^;]*? then raise exception/g, to: 'if false then raise exception' },
  { what: 'nothing found is no trouble', find: /if not found then raise exception/g, to: 'if false then raise exception' },
  { what: 'nobody asks whose machine it is', find: /perform ccm_private\.own_system\([^;]+;/g, to: '' },
  { what: 'a table takes any value', find: / check \((?:[^()]|\([^()]*\))+\)(?=[,\n])/g, to: '' },
  { what: 'a row takes any size', find: /alter table public\.\w+ add constraint \w+ check [^;]+;/g, to: '' },
  { what: 'no lock', find: / for update;/g, to: ';' },
  { what: 'rows of all users', find: /where user_id = me and op_id/g, to: 'where op_id' },
];

export const sqlMutants = (sql: string): SqlMutant[] =>
  kinds.flatMap(({ what, find, to }) =>
    [...sql.matchAll(find)].map((match) => ({
      name: `${what} (line ${sql.slice(0, match.index).split('\n').length}: ${match[0].trim().replaceAll(/\s+/g, ' ').slice(0, 90)})`,
      at: match.index,
      length: match[0].length,
      to,
    })),
  );
export const hubSql = (): string =>
  readdirSync(folder)
    .toSorted()
    .map((file) => readFileSync(`${folder}${file}`, 'utf8'))
    .join('\n');

/** `killed`: a test noticed; null: none came to an end in time, which proves nothing. */
const noticed = (url: string, mutant: SqlMutant, patienceMs: number): Promise<{ killed: boolean | null; words: string }> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [here('../../node_modules/vitest/vitest.mjs'), 'run', 'test/adapters/supabase/postgres.test.ts', '--bail', '1'],
      {
        cwd: here('../..'),
        env: { ...process.env, CCM_TEST_PG: url, CCM_SQL_MUTANT: JSON.stringify(mutant), NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let words = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => void (words += part.toString()));
    let over = false;
    const late = setTimeout(() => {
      over = true;
      child.kill('SIGKILL');
    }, patienceMs);
    child.once('close', (code) => {
      clearTimeout(late);
      const failed = /^.*(?:×|FAIL|Error:).*$/m.exec(words)?.[0].trim() ?? '';
      resolve({ killed: over ? null : code !== 0, words: failed.slice(0, 140) });
    });
  });

export const runSqlMutants: Campaign = async ({ seed, seconds }) => {
  const report: CampaignReport & { notRun: string[] } = { name: 'sql', passed: 0, failed: 0, detail: [], notRun: [] };
  const until = performance.now() + seconds * 1000;
  const server = await startPostgres();
  const admin = postgres(server.url, { max: 2, onnotice: () => undefined });
  // A short time judges some of them, other ones from seed to seed.
  const all = startingAt(sqlMutants(hubSql()), seed);
  let count = 0;
  const databaseFor = async (): Promise<string> => {
    count += 1;
    const name = `hub_${count}`;
    await admin.unsafe(`create database ${name}`);
    return server.url.replace(/postgres$/, name);
  };
  try {
    // The text as it is passes, or nothing below would mean anything.
    const whole = await noticed(await databaseFor(), { name: 'none', at: 0, length: 0, to: '' }, 180_000);
    if (whole.killed !== false) {
      report.failed += 1;
      report.detail.push(`the SQL as it is does not pass its own tests: ${whole.words}`);
      return report;
    }
    await sideBySide(all, async (mutant) => {
      if (performance.now() > until) return void report.notRun.push(`${mutant.name}: no time was left`);
      const { killed } = await noticed(await databaseFor(), mutant, 180_000);
      if (killed === null) report.notRun.push(`${mutant.name}: the tests did not come to an end`);
      else if (killed) report.passed += 1;
      else {
        report.failed += 1;
        report.detail.push(`SURVIVED: ${mutant.name}`);
      }
      return undefined;
    });
  } finally {
    await admin.end({ timeout: 1 });
    await server.stop();
  }
  report.detail.push(
    `${report.passed} of ${report.passed + report.failed} mutants of the hub's SQL that were tried were noticed, of ${all.length} there are`,
  );
  return report;
};
