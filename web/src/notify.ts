/** Who waits, told outside the page: the number in the tab's title and, when the person allowed it, a notification that goes away once anybody has answered. */
import { effect, signal } from '@preact/signals';
import type { InboxItem } from './api/types.ts';
import { go } from './router.ts';
import { inbox } from './store/home.ts';

/** What the page itself is called. */
export const pageTitle = signal('CCM Orchestrator');

const place = 'ccm.notify';
const supported = typeof Notification !== 'undefined';
export type Wish = 'on' | 'off' | 'refused' | 'impossible';
const wishNow = (): Wish => {
  if (!supported) return 'impossible';
  if (Notification.permission === 'denied') return 'refused';
  return localStorage.getItem(place) === 'on' && Notification.permission === 'granted' ? 'on' : 'off';
};
export const notifyWish = signal<Wish>('off');

export const toggleNotify = async (): Promise<void> => {
  if (!supported) return;
  const want = notifyWish.value !== 'on';
  if (want && Notification.permission === 'default') await Notification.requestPermission();
  localStorage.setItem(place, want ? 'on' : 'off');
  notifyWish.value = wishNow();
};

const waits = (item: InboxItem): boolean => item.kind !== 'task';
const titleOf = (item: InboxItem): string => `${item.kind === 'approval' ? 'Permission' : 'Question'}: ${item.task?.title ?? 'an agent'}`;

/** Starts both. What waited already when the page was opened is not told again. */
export const startNotices = (): void => {
  notifyWish.value = wishNow();
  const shown = new Map<string, Notification>();
  let known: ReadonlySet<string> | null = null;
  effect(() => {
    const count = inbox.value?.length ?? 0;
    document.title = count > 0 ? `(${count}) ${pageTitle.value}` : pageTitle.value;
  });
  effect(() => {
    if (inbox.value === null) return;
    const items = inbox.value.filter(waits);
    const here = new Set(items.map((item) => item.id));
    for (const [id, note] of shown)
      if (!here.has(id)) {
        note.close();
        shown.delete(id);
      }
    if (known !== null && notifyWish.value === 'on' && document.visibilityState === 'hidden')
      for (const item of items) {
        if (known.has(item.id)) continue;
        const note = new Notification(titleOf(item), { body: item.text.slice(0, 200), tag: `ccm ${item.id}` });
        note.addEventListener('click', () => {
          focus();
          if (item.task) go(`/tasks/${item.task.short}`);
        });
        shown.set(item.id, note);
      }
    known = here;
  });
};
