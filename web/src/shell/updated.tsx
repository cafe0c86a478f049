/** Behind a daemon that was away may stand another version with another page: this one goes on as far as it can, and says so. */
import { effect, signal } from '@preact/signals';
import { link } from '../store/home.ts';

const updated = signal(false);
const ownScript = (): string => document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? '';

const look = async (): Promise<void> => {
  try {
    const reply = await fetch('/');
    const html = await reply.text();
    updated.value = reply.ok && !html.includes(ownScript());
  } catch {
    // Away again: asked anew when it is back.
  }
};

/** Starts looking, each time the daemon has come back. */
export const startUpdates = (): void => {
  let away = false;
  effect(() => {
    const { phase } = link.value;
    if (phase === 'live' && away) void look();
    away = phase === 'gone' || (away && phase !== 'live');
  });
};

export const UpdatedBanner = () =>
  updated.value ? (
    <p class="updated" role="status">
      The daemon was updated, and this page is of the version before. What you have typed and not sent is kept.{' '}
      <button type="button" onClick={() => location.reload()}>
        Load the page anew
      </button>
    </p>
  ) : null;
