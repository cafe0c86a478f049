/** Keys of the page. In a field or the terminal all keys belong to it; only Esc leaves a field. */
import { signal } from '@preact/signals';
import { newTaskOpen } from './pages/new-task-open.ts';
import { go, page } from './router.ts';

export const helpOpen = signal(false);
export const paletteOpen = signal(false);

export const keyTable: readonly (readonly [keys: string, meaning: string])[] = [
  ['j / k', 'next / previous row'],
  ['Enter', 'open it'],
  ['Ctrl K', 'palette: go anywhere, do what is legal now'],
  ['n', 'new task'],
  ['/', 'search'],
  ['g o, g p, g m', 'go to overview, projects, machines'],
  ['g e, g s, g ,', 'go to events, sync, settings'],
  ['[ / ]', 'one event back / forward (Shift: one change of state)'],
  ['l', 'back to live'],
  ['f', 'whole chart or folded'],
  ['w', 'wide chart'],
  ['t', 'unlock the terminal and type into it'],
  ['Ctrl Shift L', 'lock the terminal and leave it'],
  ['Esc', 'close, leave, go up'],
  ['?', 'this list'],
];

const places: Readonly<Record<string, string>> = { o: '/', p: '/projects', s: '/sync', m: '/machines', e: '/events', ',': '/settings' };

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches('input:not([type="range"]), textarea, select') || target.isContentEditable);

/** An unlocked terminal owns every key. */
const inTerminal = (target: EventTarget | null): boolean => target instanceof Element && target.closest('.terminal.typing') !== null;

/** Rows are what carries `data-row`; the link inside gets the focus. */
const step = (by: 1 | -1): void => {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent !== null);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at === -1 && by === -1 ? rows.length - 1 : at + by))];
  (next?.querySelector<HTMLElement>('[data-row-link]') ?? next)?.focus();
  next?.scrollIntoView({ block: 'nearest' });
};

/** A visible button or link that has this key, on whatever page is shown. */
const press = (key: string): boolean => {
  const button = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  button?.click();
  return button !== null;
};

const leave = (): void => {
  if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body) document.activeElement.blur();
  else if (page.value.name !== 'overview') go('/');
};

/** Starts listening; returns what ends it. */
export const startKeys = (): (() => void) => {
  let chord = 0;
  const onKey = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k' && !inTerminal(event.target)) {
      event.preventDefault();
      if (!document.querySelector('dialog[open]')) paletteOpen.value = true;
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]')) return;
    if (typing(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement && !event.target.closest('.terminal')) event.target.blur();
      return;
    }
    const { key } = event;
    const to = event.timeStamp - chord < 1200 ? places[key] : undefined;
    chord = 0;
    if (to !== undefined) go(to);
    else if (key === 'g') chord = event.timeStamp;
    else if (key === 'j') step(1);
    else if (key === 'k') step(-1);
    else if (key === 'n') newTaskOpen.value = true;
    else if (key === '?') helpOpen.value = true;
    else if (key === '/') document.getElementById('search')?.focus();
    else if (key === 'Escape') leave();
    else if (!press(key)) return;
    event.preventDefault();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
};
