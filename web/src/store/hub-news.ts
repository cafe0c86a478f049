/**
 * What other machines did is no step of this one, so nothing tells the page: while somebody looks and a hub is connected, the daemon is asked
 * whether the hub brought something, and then lists and inbox are read again. The same when the link comes or goes: why a task waits changes.
 */
import { effect } from '@preact/signals';
import { link, readInbox, readMatching, readStatus, status } from './home.ts';

const lookEvery = 4_000;
const connected: ReadonlySet<string> = new Set(['online', 'executing', 'syncing']);

export const startHubNews = (): void => {
  let known: string | null = null;
  effect(() => {
    const sync = status.value?.sync;
    if (!sync) return;
    const { state, reason, heard = 0 } = sync;
    const news = [heard, connected.has(state) ? 'connected' : state, reason].join(' ');
    const first = known === null;
    if (news === known) return;
    known = news;
    if (first) return;
    void readMatching({});
    void readInbox();
  });
  setInterval(() => {
    const state = status.value?.sync.state ?? 'localOnly';
    if (state !== 'localOnly' && document.visibilityState === 'visible' && link.value.phase === 'live') void readStatus();
  }, lookEvery);
};
