import { expect, test } from 'vitest';
import { syncLinkMachine } from '../../machines/sync-link.ts';
import { linkEvents, linkInputs, linkKey } from '../support/chart-events.ts';
import { explore } from '../support/explore.ts';

/** The document's drawing ("Offline Resilience"), first letter lowered. */
const document = `
  localOnly --> localOnly
  localOnly --> syncing
  syncing --> online
  online --> executing
  executing --> offline
  offline --> queuing
  queuing --> online
  online --> syncing`;
/** What the drawing leaves out and the charts of the design add between the same six states. */
const added = `
  executing --> online
  online --> offline
  syncing --> offline
  offline --> online
  offline --> syncing
  queuing --> syncing
  queuing --> offline
  syncing --> executing
  offline --> executing
  queuing --> executing`;
const six = new Set(['localOnly', 'syncing', 'online', 'executing', 'offline', 'queuing']);
const edgesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());

/** Moves between the six documented states; staying counts only for localOnly, where the document draws it. */
const walk = () => {
  const moves = new Set<string>();
  explore(syncLinkMachine, {
    inputs: linkInputs(1_000),
    events: linkEvents,
    key: linkKey,
    limit: 500,
    onStep: ({ from, event, to }) => {
      const [a, b] = [String(from.value), String(to.value)];
      if (!six.has(a) || !six.has(b)) return;
      if (a !== b || (a === 'localOnly' && event.type === 'LOCAL_TASK')) moves.add(`${a} --> ${b}`);
    },
  });
  // Leaving for good is drawn apart: any state → localOnly when sync is disabled.
  const disabled = [...moves].filter((m) => m.endsWith('--> localOnly') && m !== 'localOnly --> localOnly');
  return { moves: new Set([...moves].filter((m) => !disabled.includes(m))), disabled };
};

test("the link's edges are the document's, and those the design adds", () => {
  const { moves, disabled } = walk();
  expect([...moves].sort()).toEqual([...new Set([...edgesOf(document), ...edgesOf(added)])].sort());
  expect(disabled.sort()).toEqual(['executing', 'offline', 'online', 'queuing', 'syncing'].map((s) => `${s} --> localOnly`));
});

test('law 10: online is entered by a proof of this round only, and is left after two heartbeats without one', () => {
  explore(syncLinkMachine, {
    inputs: linkInputs(1_000),
    events: linkEvents,
    key: linkKey,
    limit: 500,
    onStep: ({ from, event, to }) => {
      const isOnline = (v: unknown) => v === 'online' || v === 'executing';
      if (isOnline(to.value) && !isOnline(from.value)) {
        expect(['PROVEN', 'CAUGHT_UP']).toContain(event.type);
        expect('round' in event ? event['round'] : null).toBe(from.context['round']);
      }
      if (event.type.startsWith('xstate.after.heartbeat') && isOnline(from.value) && event.type.endsWith(`.${from.value}`)) {
        const silent = Number((event as { at?: number }).at) - Number(from.context['provenAt'] ?? 0) > 60_000;
        expect(isOnline(to.value)).toBe(!silent);
      }
      if (event.type === 'BOOTED' && isOnline(from.value)) expect(to.value).toBe('offline');
    },
  });
});

test('law 7: losing the session keeps the count of what waits', () => {
  explore(syncLinkMachine, {
    inputs: linkInputs(1_000),
    events: linkEvents,
    key: linkKey,
    limit: 500,
    onStep: ({ from, event, to }) => {
      if (event.type === 'SESSION_REFUSED' || event.type === 'SIGN_OUT') expect(to.context['pending']).toBe(from.context['pending']);
    },
  });
});
