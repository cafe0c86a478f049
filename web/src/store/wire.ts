/** The link of this tab over the browser's WebSocket. */
import { onRefused } from '../api/http.ts';
import { forgetToken, storedToken } from '../api/token.ts';
import { applyRows, link, readBasics, reload, trueAt } from './home.ts';
import { createLink, type Wire, type WireEvents } from './link.ts';

const open = (events: WireEvents): Wire => {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => events.open());
  socket.addEventListener('close', (event) => events.closed(event.code));
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    trueAt.value = Date.now();
    if (typeof data === 'string') events.text(data);
    else if (data instanceof ArrayBuffer) events.bytes(new Uint8Array(data));
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
};

export const wire = createLink({
  open,
  token: storedToken,
  now: Date.now,
  random: Math.random,
  later: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  changed: (state) => {
    // It will not be taken again: a reload then asks for a link at once.
    if (state.phase === 'refused') forgetToken();
    // What no step tells may be another when it comes back: its version, programs that were found, tmux.
    if (state.phase === 'live' && link.value.phase === 'gone') void readBasics();
    link.value = state;
  },
  reload: () => void reload(),
  rows: applyRows,
});

export const startWire = (): void => {
  wire.connect();
  onRefused(() => {
    if (link.value.phase !== 'refused') link.value = { ...link.value, phase: 'refused', since: Date.now(), retryAt: null };
  });
  addEventListener('online', wire.retry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wire.retry();
  });
};
