/** The address is the state: path says the page, query says the selection and the filters. */
import { computed, signal } from '@preact/signals';
import { sparing } from './store/sparing.ts';

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
/** A step in time changes the query and leaves the page: what follows the page is not drawn anew. */
const path = computed(() => place.value.path);
const search = computed(() => place.value.search);
export const page = computed(() => pageOf(path.value));
export const query = computed(() => new URLSearchParams(search.value));

/** Scrubbing changes the address with every picture; browsers charge for each change, and some allow a hundred in half a minute. */
const seldom = sparing(300);
const writeAddress = (): void => {
  const { path: at, search: asked } = place.value;
  if (location.pathname + location.search !== at + asked) history.replaceState(null, '', at + asked);
};

type Way = 'step' | 'replace' | 'scrub';
/** @param way `replace`: no step in the browser's history, for filters; `scrub`: the address follows when there is time. */
export const go = (to: string, way: Way = 'step'): void => {
  if (to === place.value.path + place.value.search) return;
  if (fragments) location[way === 'step' ? 'assign' : 'replace'](`#${to}`);
  else if (way === 'step') {
    writeAddress();
    history.pushState(null, '', to);
  }
  const [at = '/', asked = ''] = to.split(/\?(.*)/s);
  place.value = fragments ? here() : { path: at, search: asked === '' ? '' : `?${asked}` };
  if (fragments || way === 'step') return;
  if (way === 'scrub') seldom('address', writeAddress);
  else writeAddress();
};

export const setQuery = (change: Readonly<Record<string, string | null>>): void =>
  go(place.value.path + withQuery(place.value.search, change), 'replace');
/** To a moment of the past: asked for again with every picture. */
export const scrubTo = (at: string | null): void => go(place.value.path + withQuery(place.value.search, { at }), 'scrub');

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
  addEventListener('pagehide', writeAddress);
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
