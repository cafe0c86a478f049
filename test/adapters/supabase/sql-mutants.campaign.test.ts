/**
 * Every mutant of the hub's SQL in a database of its own: the matrix and the contract, until the first test notices. Run by `./run campaign sql`,
 * which reads what is written to CCM_SQL_REPORT: a line of JSON for each, `by` the test that noticed or null.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import { hubContract } from '../../contracts/hub.ts';
import { hubMatrix } from '../../contracts/hub-matrix.ts';
import { hubRefusals } from '../../contracts/hub-refusals.ts';
import { hubTime } from '../../contracts/hub-time.ts';
import { hubWriters } from '../../contracts/hub-writers.ts';
import { type Plan, type SqlVerdict } from '../../simulation/sql-mutants.ts';
import { directHub } from '../../support/hub/direct.ts';

const { CCM_SQL_PLAN: plan = '', CCM_SQL_REPORT: report = '' } = process.env;
const { server, template, sql, mutants, until } = JSON.parse(readFileSync(plan, 'utf8')) as Plan;

describe.each(mutants.map((mutant, index) => ({ ...mutant, index })))('$index $name', ({ name, at, length, to, index }) => {
  const database = `mutant_${index}`;
  const url = server.replace(/postgres$/, database);
  let hub: ReturnType<typeof directHub>;
  let began = false;
  let by: string | null = null;
  beforeAll(async () => {
    if (Date.now() > until) return;
    const admin = directHub(server);
    await admin.query(`create database ${database} template ${template}`);
    await admin.close();
    hub = directHub(url);
    await hub.query(`grant create on database ${database} to hub_owner`);
    await hub.script(`set role hub_owner; ${sql.slice(0, at)}${to}${sql.slice(at + length)}; reset role;`);
    began = true;
  });
  beforeEach(({ skip, task }) => {
    if (!began || by !== null) skip();
    onTestFailed(() => {
      by ??= task.name;
    });
  });
  afterAll(async () => {
    const verdict: SqlVerdict = { name, ran: began, by };
    appendFileSync(report, `${JSON.stringify(verdict)}\n`);
    if (!began) return;
    await hub.close();
    const admin = directHub(server);
    await admin.query(`drop database ${database} with (force)`);
    await admin.close();
  });
  // Something has to be there even when every other test is skipped.
  test('its text is one the database takes', () => expect(began || Date.now() > until).toBe(true));
  for (const part of [hubMatrix, hubRefusals, hubTime, hubWriters]) part(() => url);
  hubContract('direct', async () => ({ connect: hub.connect, address: { url, key: '' }, addUser: hub.addUser }));
});
