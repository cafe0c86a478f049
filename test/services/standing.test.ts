/** A task that another machine shall do says why it waits: the words of `ccm show`, `ccm why` and the page are made in one place. */
import { describe, expect, test } from 'vitest';
import { decidedText } from '../../src/services/decided-text.ts';
import { type Standing, standing } from '../../src/services/sync/standing.ts';

const seen = Date.UTC(2026, 0, 2, 10, 30);
const calm: Standing = {
  status: 'held',
  system: 'workshop',
  link: { status: 'online', reason: null },
  carrier: { state: 'queued', error: null },
  lastSeen: seen,
  heardAt: seen + 20_000,
};
const offline = { status: 'queuing', reason: 'networkLost' };

describe('why a task for another machine is where it is', () => {
  const cases: Array<[string, Partial<Standing>, string | null]> = [
    ['held, connected', {}, 'It is on its way to the hub, for workshop.'],
    ['held, paused', { link: { status: 'paused', reason: null } }, 'It waits to be sent: the link is paused (`ccm sync resume` goes on).'],
    [
      'held, signed out',
      { link: { status: 'signedOut', reason: 'authExpired' } },
      'It waits to be sent: nobody is signed in to the hub (`ccm login` goes on).',
    ],
    [
      'held, off',
      { link: { status: 'localOnly', reason: null } },
      'It waits to be sent: the link to the hub is off (`ccm init` connects it).',
    ],
    ['held, offline', { link: offline }, 'It waits to be sent: the network does not reach the hub.'],
    [
      'held, after a start',
      { link: { status: 'offline', reason: null } },
      'It waits to be sent: the connection to the hub is being proved.',
    ],
    [
      'held, refused',
      { carrier: { state: 'rejected', error: 'no such system' } },
      'The hub refused it: no such system; `ccm outbox` shows it.',
    ],
    [
      'offered, there',
      { status: 'offered' },
      'The hub has it for workshop, which has not taken it yet; it was last seen at 2026-01-02 10:30 UTC.',
    ],
    [
      'offered, away',
      { status: 'offered', heardAt: seen + 200_000 },
      'The hub has it for workshop, which is away; it was last seen at 2026-01-02 10:30 UTC.',
    ],
    ['offered, never seen', { status: 'offered', lastSeen: null }, 'The hub has it for workshop, which was never seen there.'],
    [
      'offered, and this machine is offline',
      { status: 'offered', link: offline },
      'The hub has it for workshop; what became of it there is not known here: the network does not reach the hub.',
    ],
    ['under way there', { status: 'running' }, null],
    [
      'under way there, and this machine is offline',
      { status: 'running', link: offline },
      'This is how it stood at 2026-01-02 10:30 UTC; nothing newer is known here: the network does not reach the hub.',
    ],
  ];
  test.each(cases)('%s', (_, change, said) => {
    expect(standing({ ...calm, ...change })).toBe(said);
  });
});

test('the second one to decide is told who was first, and what they said', () => {
  expect(decidedText('answered', 'cli on desktop', 'the green one')).toBe('It was answered already, by cli on desktop: "the green one".');
  expect(decidedText('expired', 'timer', null)).toBe('It was expired already.');
  expect(decidedText('denied', 'policy', null)).toBe('It was denied already, by a rule.');
  expect(decidedText('pending', null, null)).toMatch(/another machine at the same moment/);
});
