/** The flight recorder end to end: a real home is recorded, and the file is opened with nothing behind it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Recording } from '../../src/api/contract/recording.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

/** Planted where a person may put one by mistake; put together here so that no scanner takes it for a leak. */
const planted = ['sk', 'ant', 'a'.repeat(12) + 'B7'.repeat(8)].join('-');
const hostile = '</script><script>globalThis.harmed = true</script><img src=x onerror="globalThis.harmed = true">';

let live: LiveHome;
let browser: Browser;
let task: Task;
beforeAll(async () => {
  live = await LiveHome.make('', { firstRun: true });
  await live.up();
  browser = await launchChromium();
  const made = await live.api('POST', '/tasks', { project: 'demo', prompt: `Look at ${hostile} with the key ${planted}` });
  task = made.body.data;
  await until(
    'the task to end',
    async () => {
      task = (await live.api('GET', `/tasks/${task.id}`)).body.data;
      return task.ended ? true : undefined;
    },
    60_000,
  );
}, 120_000);
afterAll(async () => {
  await browser.close();
  await live.end();
}, 60_000);

const record = async (name: string, ...more: string[]): Promise<string> => {
  const path = join(live.home, name);
  const done = await live.ccm('record', task.short, '-o', path, ...more);
  expect(done.stderr).toBe('');
  expect(done.code).toBe(0);
  return path;
};

test('the file opens offline in the same viewer: whole chain, timeline, chart, snapshot; no request but itself, no script of others', async () => {
  const path = await record('flight.html');
  expect(readFileSync(path, 'utf8')).not.toContain(planted);
  const { page, errors, close } = await openPage(browser);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  await page.getByText('the chain is whole').waitFor();
  await page.locator('.task-title .pill', { hasText: task.status }).waitFor();
  await page.locator('[data-state="agent.process.exited"].on, [data-state="agent.process.alive"].on').first().waitFor();
  await page.locator('.recorded-screen', { hasText: /Write demo|Done|Run node/ }).waitFor();
  expect(await page.locator('.commands').count(), 'nothing can be done to a recording').toBe(0);
  for (let i = 0; i < 6; i++) await page.keyboard.press('[');
  await page.getByText('Looking at the past.').waitFor();
  expect(page.url()).toMatch(/#\/tasks\/\w+\?at=\d+/);
  await page.getByRole('tab', { name: 'Snapshot' }).click();
  await page.getByText(/After step \d+/).waitFor();
  expect(await page.locator('.commands button').count()).toBe(0);
  expect(await page.evaluate('globalThis.harmed')).toBeUndefined();
  expect(asked.map((url) => new URL(url).protocol).filter((protocol) => protocol !== 'file:')).toEqual([]);
  expect(errors).toEqual([]);
  await close();
}, 60_000);

test('a changed step is found and named; so is a change beside the steps', async () => {
  const text = readFileSync(await record('whole.html'), 'utf8');
  const look = async (name: string, changed: string): Promise<string> => {
    expect(changed).not.toBe(text);
    const path = join(live.home, name);
    writeFileSync(path, changed);
    const { page, close } = await openPage(browser);
    await page.goto(pathToFileURL(path).href);
    const said = await page.getByRole('alert').innerText();
    await close();
    return said;
  };
  const step = /"gseq":(\d+),"actor":"([^"]+)","kind":"agent","seq":3,"at":(\d+)/.exec(text);
  expect(
    await look(
      'step.html',
      text.replace(
        step?.[0] ?? '',
        (step?.[0] ?? '').replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)),
      ),
    ),
  ).toContain('Step 3 of agent');
  expect(await look('beside.html', text.replace('"leftOut":0', '"leftOut":1'))).toContain('something beside them was changed');
}, 60_000);

test('as a fixture it is data alone, and the page of the task saves the same recording', async () => {
  const path = await record('flight.json', '--fixture');
  const recording = JSON.parse(readFileSync(path, 'utf8')) as Recording;
  expect(recording).toMatchObject({ format: 'ccm-recording', about: task.id, verified: { findings: [] } });
  expect(recording.redactions['key']).toBeGreaterThan(0);
  const { page, close } = await openPage(browser);
  const { body } = await live.api('POST', '/auth/link', {});
  await page.goto((body.data as { url: string }).url);
  await page.getByText('live', { exact: true }).waitFor();
  await page.goto(`${live.url}/tasks/${task.short}`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save a recording' }).click()]);
  expect(download.suggestedFilename()).toMatch(/^ccm-.*\.html$/);
  await close();
}, 60_000);
