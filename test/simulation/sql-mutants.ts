/** Every policy, grant, lock and check of the hub's SQL, taken out one by one: the matrix and the contract on a real PostgreSQL must notice each. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { directHub } from '../support/hub/direct.ts';
import { startGateway } from '../support/hub/gateway.ts';
import { startPostgres } from '../support/hub/postgres.ts';
import type { Campaign, CampaignReport } from './report.ts';
import { startingAt } from './sync/players.ts';

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
  { what: 'operations of all users', find: /where user_id = me and op_id/g, to: 'where op_id' },
  { what: 'rows of all users', find: /(?<=where )\w\.user_id = (?:me|h\.user_id|\$1) and /g, to: '' },
  { what: 'an older copy is believed', find: /ccm_private\.forgot\(h, p_seen\)/g, to: 'false' },
  { what: 'no seal is put', find: /insert into public\.ccm_seal[^;]+;/g, to: '' },
  { what: 'the key of a claim does not matter', find: /\b[ct]\.claim = p_key/g, to: 'false' },
  { what: 'time does not matter', find: / and [a-z_.]+ [<>] clock_timestamp\(\)(?: - interval '{1,2}[^']+'{1,2})?/g, to: '' },
];
const AS_IT_IS = 'none';

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

export type Plan = { server: string; template: string; sql: string; mutants: readonly SqlMutant[]; until: number };
export type SqlVerdict = { name: string; ran: boolean; by: string | null };

/** A database with everything a hosted project has before our first migration, to copy for each mutant. */
const makeTemplate = async (server: string): Promise<string> => {
  const name = 'hub_platform';
  const admin = directHub(server);
  await admin.query(`create database ${name}`);
  await admin.close();
  const gateway = await startGateway({ databaseUrl: server.replace(/postgres$/, name), alter: () => '' });
  await gateway.close();
  return name;
};

const playAll = (plan: string, report: string, patienceMs: number): Promise<string> =>
  new Promise((resolve) => {
    const file = 'test/adapters/supabase/sql-mutants.campaign.test.ts';
    const child = spawn(process.execPath, [here('../../node_modules/vitest/vitest.mjs'), 'run', file, '--reporter', 'dot'], {
      cwd: here('../..'),
      env: { ...process.env, CCM_REAL_CLIS: '1', CCM_SQL_PLAN: plan, CCM_SQL_REPORT: report, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let words = '';
    const hear = (part: Buffer) => {
      words = (words + part.toString()).slice(-2_000);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', hear);
    const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.once('close', () => {
      clearTimeout(late);
      resolve(words);
    });
  });

export const runSqlMutants: Campaign = async ({ seed, seconds }) => {
  const report: CampaignReport & { notRun: string[] } = { name: 'sql', passed: 0, failed: 0, detail: [], notRun: [] };
  const folder = mkdtempSync(join(tmpdir(), 'ccm-sql-'));
  const [plan, told] = [join(folder, 'plan.json'), join(folder, 'told.jsonl')];
  const server = await startPostgres();
  // The text as it is passes, or nothing below would mean anything. A short time judges some of the rest, other ones from seed to seed.
  const sql = hubSql();
  const mutants = [{ name: AS_IT_IS, at: 0, length: 0, to: '' }, ...startingAt(sqlMutants(sql), seed)];
  let words = '';
  try {
    const template = await makeTemplate(server.url);
    const until = Date.now() + seconds * 1000;
    writeFileSync(told, '');
    writeFileSync(plan, JSON.stringify({ server: server.url, template, sql, mutants, until } satisfies Plan));
    words = await playAll(plan, told, (seconds + 300) * 1000);
  } finally {
    await server.stop();
  }
  const verdicts = readFileSync(told, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as SqlVerdict);
  rmSync(folder, { recursive: true, force: true });
  const whole = verdicts.find(({ name }) => name === AS_IT_IS);
  if (!whole?.ran || whole.by !== null) {
    report.failed += 1;
    report.detail.push(`the SQL as it is does not pass its own tests: ${whole?.by ?? words.slice(-600)}`);
    return report;
  }
  for (const { name } of mutants.slice(1)) {
    const verdict = verdicts.find((each) => each.name === name);
    if (!verdict?.ran) report.notRun.push(`${name}: no time was left`);
    else if (verdict.by !== null) report.passed += 1;
    else {
      report.failed += 1;
      report.detail.push(`SURVIVED: ${name}`);
    }
  }
  const tried = report.passed + report.failed;
  report.detail.push(
    `${report.passed} of ${tried} mutants of the hub's SQL that were tried were noticed, of ${mutants.length - 1} there are`,
  );
  return report;
};
