/** The page begins: the one-time link first, then the connection, then what there is to see. */
import { render } from 'preact';
import './styles/all.ts';
import { redeemLink, storedToken } from './api/token.ts';
import { App } from './app.tsx';
import { startNotices } from './notify.ts';
import { NoToken } from './pages/no-token.tsx';
import { startRouter } from './router.ts';
import { startUpdates } from './shell/updated.tsx';
import { startClock } from './store/clock.ts';
import { startHubNews } from './store/hub-news.ts';
import { startWire } from './store/wire.ts';
import { applyTheme } from './theme.ts';

const begin = async (root: Element): Promise<void> => {
  applyTheme();
  const redeemed = await redeemLink().catch((): 'refused' => 'refused');
  if (storedToken() === null) return render(<NoToken refused={redeemed === 'refused'} />, root);
  startRouter();
  startClock();
  startWire();
  startHubNews();
  startNotices();
  startUpdates();
  render(<App />, root);
};

// A link pasted where the page is open already changes nothing but the fragment.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#k=')) location.reload();
});

const root = document.getElementById('root');
if (root) void begin(root);
