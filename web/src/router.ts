/** The address is the state: path says the page, query says the selection and the filters. */
import { computed, signal } from '@preact/signals';

const plain = ['projects', 'sync', 'machines', 'events', 'settings'] as const;
type Plain = (typeof plain)[number];
export type Page = { name: 'overview' | 'lost' | Plain } | { name: 'task' | 'agent'; id: string };

/** Pure. Unknown paths are `lost`; a trailing slash does not matter. */
export const pageOf = (path: string): Page => {
  const [first = '', id = '', ...rest] = path.split('/').filter(Boolean);
  if (rest.length > 0) return { name: 'lost' };
  if (first === '' && id === '') return { name: 'overview' };
  const known = plain.find((name) => name === first);
  if (known && id === '') return { name: known };
  if (first === 'tasks' && id !== '') return { name: 'task', id: decode(id) };
  if (first === 'agents' && id !== '') return { name: 'agent', id: decode(id) };
  return { name: 'lost' };
};

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign: take it as it stands, the daemon will not know it.
    return part;
  }
};

/** Pure: the query with some fields changed; null and '' take a field away. */
export const withQuery = (search: string, change: Readonly<Record<string, string | null>>): string => {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text ? `?${text}` : '';
};

type Place = { path: string; search: string };
let fragments = false;
const here = (): Place => {
  if (typeof location === 'undefined') return { path: '/', search: '' };
  if (!fragments) return { path: location.pathname, search: location.search };
  const [path = '/', search = ''] = (location.hash.slice(1) || '/').split(/\?(.*)/s);
  return { path, search: search === '' ? '' : `?${search}` };
};

const place = signal<Place>(here());
export const page = computed(() => pageOf(place.value.path));
export const query = computed(() => new URLSearchParams(place.value.search));

/** @param replace no step in the browser's history: for filters and scrubbing. */
export const go = (to: string, replace = false): void => {
  if (to === place.value.path + place.value.search) return;
  if (fragments) location[replace ? 'replace' : 'assign'](`#${to}`);
  else history[replace ? 'replaceState' : 'pushState'](null, '', to);
  place.value = here();
};

export const setQuery = (change: Readonly<Record<string, string | null>>): void =>
  go(place.value.path + withQuery(place.value.search, change), true);

/** Places become fragments of the address: for a page that is a file. */
export const placesAreFragments = (): void => {
  fragments = true;
  place.value = here();
  addEventListener('hashchange', () => {
    place.value = here();
  });
};

/** Links of ours are followed without loading the page anew; modified clicks are the browser's. */
export const startRouter = (): void => {
  addEventListener('popstate', () => {
    place.value = here();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a[href^="/"]') : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download') || link.dataset['outside'] !== undefined)
      return;
    event.preventDefault();
    go(link.getAttribute('href') ?? '/');
    document.querySelector('main')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  });
};
