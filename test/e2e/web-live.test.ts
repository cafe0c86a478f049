/** The page against the real daemon, tmux and an agent that works: what the page daemon's story cannot promise. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeedRow } from '../../src/api/contract/actor.ts';
import type { ChartFile } from '../../web/src/chart/model/types.ts';
import { launchChromium, openPage, type Watched } from '../support/chromium.ts';
import { LiveHome } from '../support/live-daemon.ts';

let live: LiveHome;
let browser: Browser;
let watched: Watched;
let programs: string;
let path: string;
beforeAll(async () => {
  // An agent program as far as a first look tells: it is there, of a version we know, and has a key.
  programs = await mkdtemp(join(tmpdir(), 'ccm-programs-'));
  await writeFile(join(programs, 'claude'), '#!/bin/sh\n[ "$1" = --version ] && echo 2.1.330 && exit 0\nexec sleep 600\n', { mode: 0o755 });
  live = await LiveHome.make('[agents.claude]\nenv = { ANTHROPIC_API_KEY = "sk-ant-dummy" }', { firstRun: true });
  path = `${programs}:${live.env['PATH']}`;
  await live.up({ PATH: path });
  browser = await launchChromium();
  watched = await openPage(browser);
  watched.page.setDefaultTimeout(40_000);
}, 90_000);
afterAll(async () => {
  await watched.close();
  await browser.close();
  await live.end();
  await rm(programs, { recursive: true, force: true });
}, 90_000);

const shown = (status: string) => watched.page.locator('.task-title .pill', { hasText: status }).first().waitFor();

test('the printed link opens the page, and the demo task is seen at work: terminal, chart, journal', async () => {
  const { page } = watched;
  const { body } = await live.api('POST', '/auth/link', {});
  await page.goto((body.data as { url: string }).url);
  await page.locator('[data-row-link]').first().click();
  await page.locator('.xterm-rows', { hasText: /Read the folder|Write demo|Run node/ }).waitFor();
  await page.locator('[data-state="agent.process.alive.running"].on').waitFor();
  await page.locator('.event', { hasText: 'the agent itself' }).first().waitFor();
  await shown('succeeded');
}, 120_000);

test('an agent program that was found is offered a task, and gets it', async () => {
  const { page } = watched;
  await page.goto(`${live.url}/`);
  const next = page.getByRole('region', { name: 'Next steps' });
  await next.getByRole('button', { name: 'Run the demo again' }).click();
  await page.waitForURL(/\/tasks\//u);
  expect((await live.ccm('kill', new URL(page.url()).pathname.split('/').at(-1) ?? '')).code).toBe(0);
  await page.goto(`${live.url}/`);
  await next.getByRole('button', { name: 'Give claude a task' }).click();
  await page.getByLabel('What shall be done?').fill('Say hello');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/tasks\//u);
  const short = new URL(page.url()).pathname.split('/').at(-1);
  const made = await live.api('GET', `/tasks/${short}`);
  expect(made.body.data).toMatchObject({ profile: 'claude', prompt: 'Say hello' });
  expect((await live.ccm('kill', short ?? '')).code).toBe(0);
  await page.goto(`${live.url}/`);
  await page.locator('.ended, .cards').first().waitFor();
  expect(await next.count(), 'not once a program of one’s own has worked').toBe(0);
}, 120_000);

test('an approval is given in the page, reaches the agent, and the timeline leads back to the moment of doubt', async () => {
  const { page } = watched;
  await page.keyboard.press('n');
  await page.getByLabel('What shall be done?').fill('Please approve this first');
  await page.keyboard.press('Control+Enter');
  await shown('needs approval');
  const approve = page.locator('.task-asks').getByRole('button', { name: 'Approve' });
  await page.getByRole('button', { name: 'Stop', exact: true }).hover();
  await page.locator('.foretold', { hasText: 'its agent is told to stop' }).waitFor();
  await approve.click();
  await shown('succeeded');
  await page.locator('.event', { hasText: 'asked' }).first().locator('summary').click();
  await page.getByRole('button', { name: 'Go to this moment' }).first().click();
  await page.locator('[data-state="agent.conversation.needsApproval"].on').waitFor();
  await page.getByRole('tab', { name: 'Snapshot' }).click();
  await page.getByText(/After step \d+, ASKED/).waitFor();
  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.locator('.diff summary').first().waitFor();
  await page.keyboard.press('l');
}, 120_000);

test('the daemon is killed and started while somebody looks: the page says so, comes back, and has missed nothing', async () => {
  const { page } = watched;
  await page.goto(`${live.url}/`);
  await page.getByText('live', { exact: true }).waitFor();
  const made = await live.api('POST', '/tasks', { project: 'demo', prompt: 'Please approve this too' });
  expect(made.status).toBeLessThan(300);
  await page.locator('.ask-approval').waitFor();
  await live.crash();
  await page.getByText('The daemon is not answering.').waitFor();
  expect(await page.locator('.ask-approval').getByRole('button', { name: 'Deny' }).isDisabled()).toBe(true);
  await live.up({ PATH: path });
  await page.getByText('live', { exact: true }).waitFor();
  await page.locator('.ask-approval').getByRole('button', { name: 'Deny' }).click();
  await page.locator('.row', { hasText: 'Please approve this too' }).locator('[data-status="failed"]').waitFor();
}, 120_000);

test('every transition the daemon has recorded is one of the drawn chart', async () => {
  const charts = (await live.api('GET', '/charts')).body.data as ChartFile[];
  const known = new Map(charts.map((chart) => [chart.kind, new Set(chart.definition.edges.map((edge) => edge.id))]));
  const rows = (await live.api('GET', '/journal?after=0&limit=1000')).body.data as FeedRow[];
  expect(rows.length).toBeGreaterThan(40);
  const strange = rows.flatMap((row) => row.transitions.filter((id) => !known.get(row.kind)?.has(id)));
  expect(strange).toEqual([]);
});

test('not one script error or refused style in all of this', () => expect(watched.errors).toEqual([]));
