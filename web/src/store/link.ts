/** The one connection of a tab: steps and terminal bytes. Comes back by itself, and goes on where it stopped. */
import type { ClientFrame, FeedRow, ServerFrame } from '../api/types.ts';
import { backoffMs } from './backoff.ts';
import { newFeed, subscribed, takeRows } from './feed.ts';

/** What a socket must do; the browser's does, and tests bring their own. */
export type Wire = { send(text: string): void; close(): void };
export type WireEvents = { open(): void; text(text: string): void; bytes(data: Uint8Array): void; closed(code: number): void };

export type LinkPhase = 'connecting' | 'live' | 'gone' | 'refused';
export type LinkState = {
  phase: LinkPhase;
  /** Milliseconds since 1970 of the change to this phase. */
  since: number;
  attempt: number;
  /** When the next try is due; null while none is planned. */
  retryAt: number | null;
};

export type Watch = {
  /** Base64 of the bytes typed. */
  input(data: string): void;
  resize(cols: number, rows: number): void;
  ack(bytes: number): void;
  close(): void;
};
export type WatchEvents = { began(cols: number, rows: number): void; bytes(data: Uint8Array): void; ended(reason: string): void };

export type LinkParts = {
  open(events: WireEvents): Wire;
  token(): string | null;
  now(): number;
  random: () => number;
  /** Returns what cancels it. */
  later: (work: () => void, ms: number) => () => void;
  changed(state: LinkState): void;
  /** First `ready`, and every `reset`: read the lists anew; steps after `head` follow. */
  reload(head: number): void;
  rows(rows: FeedRow[]): void;
};

export const unauthorizedCode = 4003;
const quietMs = 25_000;

export const createLink = (parts: LinkParts) => {
  let state: LinkState = { phase: 'connecting', since: parts.now(), attempt: 0, retryAt: null };
  let feed = newFeed(null);
  let wire: Wire | null = null;
  let generation = 0;
  let stopTimer = (): void => undefined;
  const watches = new Map<number, { agent: string; size: { cols: number; rows: number }; on: WatchEvents; began: boolean }>();
  let lastChannel = 0;

  const become = (phase: LinkPhase, retryAt: number | null = null): void => {
    state = { phase, since: phase === state.phase ? state.since : parts.now(), attempt: phase === 'live' ? 0 : state.attempt, retryAt };
    parts.changed(state);
  };
  const say = (frame: ClientFrame): void => wire?.send(JSON.stringify(frame));
  const subscribe = (): void => {
    feed = subscribed(feed);
    say({ type: 'subscribe', since: feed.cursor });
  };
  const startWatch = (channel: number): void => {
    const watch = watches.get(channel);
    if (!watch) return;
    watch.began = false;
    say({ type: 'watch', channel, agent: watch.agent, ...watch.size });
  };
  /** Bytes of an earlier watch may still be under way on its channel: numbers are not used again at once. */
  const freeChannel = (): number => {
    do lastChannel = (lastChannel % 255) + 1;
    while (watches.has(lastChannel));
    return lastChannel;
  };

  /** A connection that says nothing is asked; without an answer it is dead (a laptop that slept, a cable). */
  const listen = (): void => {
    stopTimer();
    stopTimer = parts.later(() => {
      say({ type: 'ping' });
      stopTimer = parts.later(() => lost(0), 10_000);
    }, quietMs);
  };

  const hear = (frame: ServerFrame): void => {
    if (frame.type === 'ready') {
      if (feed.cursor === null) {
        feed = newFeed(frame.head);
        parts.reload(frame.head);
      }
      become('live');
      subscribe();
      for (const channel of watches.keys()) startWatch(channel);
    } else if (frame.type === 'rows') {
      const taken = takeRows(feed, frame.rows);
      feed = taken.feed;
      if (taken.fresh.length > 0) parts.rows(taken.fresh);
      if (taken.hole) lost(0);
    } else if (frame.type === 'reset') {
      feed = newFeed(frame.head);
      parts.reload(frame.head);
      subscribe();
    } else if (frame.type === 'watching') {
      const watch = watches.get(frame.channel);
      if (!watch) return;
      watch.began = true;
      watch.on.began(frame.cols, frame.rows);
    } else if (frame.type === 'closed') watches.get(frame.channel)?.on.ended(frame.reason);
    else if (frame.type === 'error' && frame.channel !== undefined) watches.get(frame.channel)?.on.ended(frame.detail);
  };

  const lost = (code: number): void => {
    stopTimer();
    generation += 1;
    wire?.close();
    wire = null;
    if (code === unauthorizedCode) return become('refused');
    state = { ...state, attempt: state.attempt + 1 };
    const wait = backoffMs(state.attempt, parts.random);
    become('gone', parts.now() + wait);
    stopTimer = parts.later(connect, wait);
  };

  function connect(): void {
    stopTimer();
    const token = parts.token();
    if (token === null) return become('refused');
    generation += 1;
    const mine = generation;
    const current = (work: () => void) => () => {
      if (mine === generation) work();
    };
    if (state.phase !== 'gone') become('connecting');
    else become('gone');
    stopTimer = parts.later(() => lost(0), 10_000);
    wire = parts.open({
      open: current(() => say({ type: 'auth', token })),
      text: (text) => {
        if (mine !== generation) return;
        listen();
        const frame: ServerFrame = JSON.parse(text);
        hear(frame);
      },
      bytes: (data) => {
        if (mine !== generation) return;
        listen();
        const watch = watches.get(data[0] ?? 0);
        if (watch?.began) watch.on.bytes(data.subarray(1));
      },
      closed: (code) => {
        if (mine === generation) lost(code);
      },
    });
  }

  return {
    connect,
    /** Try at once: the network came back, or the person pressed the button. */
    retry: (): void => {
      if (state.phase === 'gone') connect();
    },
    watch: (agent: string, size: { cols: number; rows: number }, on: WatchEvents): Watch => {
      const channel = freeChannel();
      const watch = { agent, size, on, began: false };
      watches.set(channel, watch);
      if (state.phase === 'live') startWatch(channel);
      return {
        input: (data) => {
          if (watch.began) say({ type: 'input', channel, data });
        },
        resize: (cols, rows) => {
          watch.size = { cols, rows };
          if (watch.began) say({ type: 'resize', channel, cols, rows });
        },
        ack: (bytes) => {
          if (watch.began) say({ type: 'ack', channel, bytes });
        },
        close: () => {
          watches.delete(channel);
          if (state.phase === 'live') say({ type: 'unwatch', channel });
        },
      };
    },
  };
};
