/** A short piece of the delivery campaign: `./run campaign delivery` sends a thousand. */
import { expect, test } from 'vitest';
import { deliverOnce } from './delivery.ts';

test('messages to a program that swallows, debounces and asks, under a daemon that is killed: none lost, none doubled, none called what it is not', async () => {
  const counts = await deliverOnce(3, { messages: 12 });
  expect((counts['answered'] ?? 0) + (counts['failed'] ?? 0)).toBe(12);
  expect(counts['the daemon was killed']).toBeGreaterThan(0);
}, 60_000);
