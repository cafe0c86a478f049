import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admit, holdSentence, type Occupant, type Waiting } from '../../machines/admission.ts';

const waiting = (id: string, more: Partial<Waiting> = {}): Waiting => ({
  id,
  project: 'p',
  profile: 'a',
  profileLimit: 0,
  priority: 0,
  since: 0,
  isolated: true,
  ...more,
});
const arbitrary = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    project: fc.constantFrom('p', 'q', 'r'),
    profile: fc.constantFrom('a', 'b'),
    profileLimit: fc.constant(2),
    priority: fc.integer({ min: -10, max: 10 }),
    since: fc.nat(100),
    isolated: fc.boolean(),
  }),
  { selector: (w) => w.id, maxLength: 12 },
);

test('the limits hold whatever waits', () => {
  fc.assert(
    fc.property(arbitrary, fc.integer({ min: 1, max: 6 }), (all, concurrency) => {
      const half = Math.floor(all.length / 3);
      const occupants: Occupant[] = admit(all.slice(0, half), [], { concurrency, spacingMs: 0 }, 0, null).grants.map(
        (id) => all.find((w) => w.id === id) ?? waiting(id),
      );
      const queue = all.slice(half);
      const { grants, holds } = admit(queue, occupants, { concurrency, spacingMs: 0 }, 0, null);
      const places = [...occupants, ...queue.filter((w) => grants.includes(w.id))];
      expect(places.length).toBeLessThanOrEqual(concurrency);
      for (const profile of ['a', 'b']) expect(places.filter((w) => w.profile === profile).length).toBeLessThanOrEqual(2);
      for (const project of ['p', 'q', 'r'])
        expect(places.filter((w) => w.project === project && !w.isolated).length).toBeLessThanOrEqual(1);
      // Each waiting task is granted or told why not; nobody waits while there is a place for it.
      expect(grants.length + holds.size).toBe(queue.length);
      expect(
        admit(
          queue.filter((w) => !grants.includes(w.id)),
          places,
          { concurrency, spacingMs: 0 },
          0,
          null,
        ).grants,
      ).toEqual([]);
    }),
  );
});

test('higher priority first, then the older', () => {
  const queue = [waiting('old', { since: 1 }), waiting('urgent', { since: 9, priority: 5 }), waiting('new', { since: 5 })];
  expect(admit(queue, [], { concurrency: 2, spacingMs: 0 }, 10, null).grants).toEqual(['urgent', 'old']);
});

test('starts are spaced, and the next time is told', () => {
  const { grants, againAt } = admit([waiting('a'), waiting('b')], [], { concurrency: 4, spacingMs: 500 }, 1_000, null);
  expect(grants).toEqual(['a']);
  expect(againAt).toBe(1_500);
});

test('every hold has a sentence', () => {
  expect(holdSentence({ kind: 'concurrency', running: 4, limit: 4 }, 2)).toBe('All 4 places are taken. 2 waiting before it.');
  expect(holdSentence({ kind: 'profile', profile: 'claude', running: 2, limit: 2 }, 0)).toBe('Agent "claude" runs 2 of at most 2 at once.');
  expect(holdSentence({ kind: 'folder', by: 'x' }, 0)).toContain('no git');
});
