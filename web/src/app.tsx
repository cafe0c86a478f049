/** The frame around every page: bar, state of the connection, keys, dialogs. */
import { useEffect } from 'preact/hooks';
import { hubOpen } from './begin/hub-open.ts';
import { startKeys } from './keys.ts';
import { KeyHelp } from './keys-help.tsx';
import { NewTask } from './pages/new-task.tsx';
import { NoToken } from './pages/no-token.tsx';
import { Overview } from './pages/overview.tsx';
import { Palette } from './palette/palette.tsx';
import { lazy } from './parts/lazy.tsx';
import { Empty, TroubleBox } from './parts/notice.tsx';
import { RecordingBanner } from './recording/banner.tsx';
import { page } from './router.ts';
import { GoneBanner } from './shell/gone.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { UpdatedBanner } from './shell/updated.tsx';
import { link, stale, trouble } from './store/home.ts';
import { recorded } from './store/recorded.ts';
import { TaskPage } from './task/task-page.tsx';

const Projects = lazy('the projects', async () => (await import('./pages/projects.tsx')).Projects);
const Machines = lazy('the machines', async () => (await import('./pages/machines.tsx')).Machines);
const Events = lazy('the journal', async () => (await import('./pages/events.tsx')).Events);
const Sync = lazy('the sync link', async () => (await import('./pages/sync.tsx')).Sync);
const Settings = lazy('the settings', async () => (await import('./pages/settings.tsx')).Settings);

const HubDialog = lazy('the form', async () => (await import('./begin/hub-dialog.tsx')).HubDialog);

const CurrentPage = () => {
  const at = page.value;
  switch (at.name) {
    case 'overview':
      return <Overview />;
    case 'task':
    case 'agent':
      return <TaskPage key={at.id} id={at.id} />;
    case 'projects':
      return <Projects />;
    case 'sync':
      return <Sync />;
    case 'machines':
      return <Machines />;
    case 'events':
      return <Events />;
    case 'settings':
      return <Settings />;
    default:
      return (
        <Empty title="There is no page at this address">
          <p>
            <a href="/">Go to the overview</a>
          </p>
        </Empty>
      );
  }
};

export const App = () => {
  useEffect(startKeys, []);
  if (link.value.phase === 'refused') return <NoToken refused={false} />;
  return (
    <div class={`app${stale.value && !recorded.value ? ' stale' : ''}`}>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      {recorded.value ? <RecordingBanner recording={recorded.value} /> : <TopBar />}
      <GoneBanner />
      <UpdatedBanner />
      {trouble.value && !stale.value && <TroubleBox trouble={trouble.value} />}
      <main id="main" tabIndex={-1}>
        <CurrentPage />
      </main>
      {!recorded.value && <NewTask />}
      {hubOpen.value !== null && <HubDialog />}
      <KeyHelp />
      {!recorded.value && <Palette />}
    </div>
  );
};
