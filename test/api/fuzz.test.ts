/**
 * Whatever is sent, the answer is a success or a problem in words: never a 500, never silence. Every route and every frame is attacked from its
 * own description; `./run campaign fuzz` does the same for longer. CCM_FUZZ_SEED and CCM_FUZZ_RUNS repeat and lengthen it.
 */
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { openApiHouse, project } from '../support/api-house.ts';
import { attackFrames } from '../support/fuzz/frames.ts';
import { furnishedHouse } from '../support/fuzz/furnished.ts';
import { attackRoutes } from '../support/fuzz/routes.ts';

const seed = Number(process.env['CCM_FUZZ_SEED'] ?? 20261122);
const numRuns = Number(process.env['CCM_FUZZ_RUNS'] ?? 20);

it('every described route, from its schema', async () => {
  const furnished = await furnishedHouse();
  onTestFinished(furnished.close);
  const { wrong, statuses, operations, requests } = await attackRoutes(furnished, { seed, each: numRuns });
  expect(wrong).toEqual([]);
  expect(operations).toBeGreaterThan(70);
  // It gets past the first check, and into every room.
  expect(statuses['200']).toBeGreaterThan(requests / 10);
  for (const status of ['400', '404', '409']) expect(statuses[status], status).toBeGreaterThan(0);
}, 60_000);

it('the frames of the socket, from their schema', async () => {
  const furnished = await furnishedHouse();
  onTestFinished(furnished.close);
  const { wrong, frames } = await attackFrames(furnished, { seed, conversations: numRuns * 2 });
  expect(wrong).toEqual([]);
  expect(frames).toBeGreaterThan(numRuns * 5);
}, 60_000);

const wildText = fc.oneof(
  fc.constantFrom('x', ' ', '../..', '%00', '\u0000', '\u001b[31m', '😀'.repeat(50), '\ud800', 'a'.repeat(5000)),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
);
const taskBody = fc.record(
  {
    project: fc.constant('shop'),
    prompt: wildText,
    title: wildText,
    agent: fc.constantFrom('claude', 'demo', 'cluade'),
    priority: fc.integer({ min: -11, max: 11 }),
    at: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom('2030-01-01T00:00:00Z', 'soon')),
  },
  { requiredKeys: ['project', 'prompt'] },
);

it('tasks of the right shape with wild contents are kept without what a terminal would obey', async () => {
  const house = await openApiHouse({ app: { limits: { perToken: 1e9, perAddress: 1e9, perAgent: 1e9 } } });
  await house.data('POST', '/api/v1/projects', { path: project });
  let made = 0;
  await fc.assert(
    fc.asyncProperty(taskBody, async (sent) => {
      const reply = await house.ask('POST', '/api/v1/tasks', { body: sent });
      expect(reply.status, `${JSON.stringify(sent)}: ${reply.text}`).toBeLessThan(500);
      if (reply.status !== 200) return;
      made += 1;
      const shown = reply.body.data as { prompt: string; title: string };
      expect(shown.prompt.replaceAll(/[^\P{Cc}\n\t]/gu, '')).toBe(shown.prompt);
      expect(shown.title).toMatch(/^[^\p{Cc}]+$/u);
    }),
    { seed, numRuns: numRuns * 6 },
  );
  expect(made).toBeGreaterThan(numRuns / 4);
  expect(house.house.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
