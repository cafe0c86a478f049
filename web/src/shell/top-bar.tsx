/** Brand, places, search, new task. */
import { useEffect } from 'preact/hooks';
import { paletteOpen } from '../keys.ts';
import { newTaskOpen } from '../pages/new-task-open.ts';
import { SignMark } from '../parts/sign.tsx';
import { plural, wordsOf } from '../parts/words.ts';
import { go, page, query, setQuery } from '../router.ts';
import { inbox, link, status, taskCount } from '../store/home.ts';
import { nextTheme, theme } from '../theme.ts';

const Connection = () => {
  const { phase } = link.value;
  const live = phase === 'live';
  return (
    <span
      class={`chip ${live ? 'tone-good' : 'tone-ask'}`}
      title={status.value ? `${status.value.url} · version ${status.value.version}` : ''}
    >
      <SignMark sign={live ? 'dot' : 'part'} />
      {live ? 'live' : phase === 'gone' ? 'not answering' : 'connecting'}
    </span>
  );
};

const SyncChip = () => {
  const sync = status.value?.sync;
  if (!sync) return null;
  return (
    <a class="chip" href="/sync" title="The sync link">
      {wordsOf(sync.state)}
      {sync.pending > 0 && ` · ${sync.pending} pending`}
    </a>
  );
};

const Place = ({ to, name, label, count }: { to: string; name: string; label: string; count?: number | undefined }) => (
  <a href={to} aria-current={page.value.name === name ? 'page' : undefined}>
    {label}
    {count !== undefined && count > 0 && (
      <span class="count">
        {count}
        <span class="hidden"> waiting for you</span>
      </span>
    )}
  </a>
);

export const TopBar = () => {
  const search = (text: string): void => {
    if (page.value.name === 'overview') setQuery({ q: text });
    else go(`/?q=${encodeURIComponent(text)}`);
  };
  // On a narrow screen the places are wider than it.
  useEffect(
    () => document.querySelector('.bar [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    [page.value.name],
  );
  return (
    <header class="bar">
      <a class="brand" href="/">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <rect x="1" y="2" width="8" height="6" rx="2" />
          <rect x="11" y="12" width="8" height="6" rx="2" class="fill" />
          <path d="M5 8v4q0 3 3 3h2.5" />
        </svg>
        <span>
          CCM<span class="brand-rest"> Orchestrator</span>
        </span>
      </a>
      <nav aria-label="Places">
        <Place to="/" name="overview" label="Overview" count={inbox.value?.length} />
        <Place to="/projects" name="projects" label="Projects" />
        <Place to="/machines" name="machines" label="Machines" />
        <Place to="/events" name="events" label="Events" />
        <Place to="/sync" name="sync" label="Sync" />
        <Place to="/settings" name="settings" label="Settings" />
      </nav>
      <div class="bar-state">
        <Connection />
        <SyncChip />
      </div>
      <label class="search">
        <span class="hidden">Search tasks</span>
        <input
          type="search"
          id="search"
          placeholder={!taskCount.value ? 'Search tasks' : `Search ${plural(taskCount.value, 'task')}`}
          value={query.value.get('q') ?? ''}
          onInput={(event) => search(event.currentTarget.value)}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <button
        type="button"
        class="plain palette-button"
        onClick={() => (paletteOpen.value = true)}
        title="Go anywhere, do what is legal now"
      >
        Commands <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <button type="button" class="plain" onClick={nextTheme} title="Light, dark or as the system">
        Theme<span class="bar-word">: {theme.value === 'system' ? 'auto' : theme.value}</span>
        <span class="hidden">, change</span>
      </button>
      <button type="button" class="primary" onClick={() => (newTaskOpen.value = true)}>
        New task <kbd aria-hidden="true">n</kbd>
      </button>
    </header>
  );
};
