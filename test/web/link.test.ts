import { expect, test } from 'vitest';
import type { FeedRow } from '../../src/api/contract/actor.ts';
import type { ClientFrame, ServerFrame } from '../../src/api/contract/socket.ts';
import { createLink, type LinkState, unauthorizedCode, type WireEvents } from '../../web/src/store/link.ts';

/** A link with a wire, a clock and a lot of its own. */
const bench = () => {
  let now = 1000;
  const timers = new Set<{ due: number; work: () => void }>();
  const wires: { said: ClientFrame[]; events: WireEvents; open: boolean }[] = [];
  const states: LinkState[] = [];
  const reloads: number[] = [];
  const rows: number[] = [];
  const link = createLink({
    open: (events) => {
      const wire = { said: [] as ClientFrame[], events, open: true };
      wires.push(wire);
      return {
        send: (text) => {
          const frame: ClientFrame = JSON.parse(text);
          wire.said.push(frame);
        },
        close: () => {
          wire.open = false;
        },
      };
    },
    token: () => 'ccm_t',
    now: () => now,
    random: () => 1,
    later: (work, ms) => {
      const timer = { due: now + ms, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    changed: (state) => states.push(state),
    reload: (head) => reloads.push(head),
    rows: (fresh: FeedRow[]) => rows.push(...fresh.map((r) => r.gseq)),
  });
  const wire = () => {
    const last = wires.at(-1);
    if (!last) throw new Error('no wire yet');
    return last;
  };
  return {
    link,
    wires,
    states,
    reloads,
    rows,
    wire,
    said: () => wire().said.map((f) => f.type),
    hear: (frame: ServerFrame) => wire().events.text(JSON.stringify(frame)),
    pass: (ms: number) => {
      now += ms;
      for (const timer of [...timers].filter((t) => t.due <= now)) {
        timers.delete(timer);
        timer.work();
      }
    },
  };
};
const row = (gseq: number): FeedRow => ({
  gseq,
  actor: 'a',
  kind: 'task',
  seq: 1,
  at: 1,
  type: 'T',
  by: null,
  transitions: [],
  value: 'x',
  status: 'x',
  attention: 0,
  title: '',
});
const ready = (head: number): ServerFrame => ({ type: 'ready', head, user: { name: 'web', scopes: [] } });
const begin = () => {
  const b = bench();
  b.link.connect();
  b.wire().events.open();
  b.hear(ready(7));
  return b;
};

test('says who it is first, reads the lists, and listens from the head it was told', () => {
  const b = begin();
  expect(b.said()).toEqual(['auth', 'subscribe']);
  expect(b.wire().said[1]).toEqual({ type: 'subscribe', since: 7 });
  expect(b.reloads).toEqual([7]);
  expect(b.states.at(-1)?.phase).toBe('live');
});

test('after a lost connection it waits, comes back, and goes on where it stopped without reading the lists anew', () => {
  const b = begin();
  b.hear({ type: 'rows', rows: [row(8), row(9)] });
  b.wire().events.closed(1006);
  expect(b.states.at(-1)).toMatchObject({ phase: 'gone', attempt: 1, retryAt: 1250 });
  b.pass(250);
  b.wire().events.open();
  b.hear(ready(12));
  expect(b.wire().said.at(-1)).toEqual({ type: 'subscribe', since: 9 });
  expect(b.reloads).toEqual([7]);
  expect(b.states.at(-1)).toMatchObject({ phase: 'live', attempt: 0 });
  b.hear({ type: 'rows', rows: [row(9), row(10)] });
  expect(b.rows).toEqual([8, 9, 10]);
});

test('a hole makes it connect anew from the last whole step', () => {
  const b = begin();
  b.hear({ type: 'rows', rows: [row(8)] });
  b.hear({ type: 'rows', rows: [row(10)] });
  expect(b.rows).toEqual([8]);
  b.pass(250);
  b.wire().events.open();
  b.hear(ready(10));
  expect(b.wire().said.at(-1)).toEqual({ type: 'subscribe', since: 8 });
});

test('a reset reads the lists anew and listens from there', () => {
  const b = begin();
  b.hear({ type: 'reset', head: 500 });
  expect(b.reloads).toEqual([7, 500]);
  expect(b.wire().said.at(-1)).toEqual({ type: 'subscribe', since: 500 });
});

test('a refused token is not tried again', () => {
  const b = begin();
  b.wire().events.closed(unauthorizedCode);
  expect(b.states.at(-1)?.phase).toBe('refused');
  b.pass(60_000);
  expect(b.wires).toHaveLength(1);
});

test('a silent connection is asked, and given up when it does not answer', () => {
  const b = begin();
  b.pass(25_000);
  expect(b.said().at(-1)).toBe('ping');
  b.hear({ type: 'pong' });
  b.pass(25_000);
  b.pass(10_000);
  expect(b.states.at(-1)?.phase).toBe('gone');
  expect(b.wires[0]?.open).toBe(false);
});

test('frames of a connection that was given up are not heard', () => {
  const b = begin();
  const old = b.wire();
  old.events.closed(1006);
  b.pass(250);
  old.events.text(JSON.stringify({ type: 'rows', rows: [row(8)] }));
  expect(b.rows).toEqual([]);
});

test('a watched terminal is watched again after a lost connection, on its channel, and begins anew', () => {
  const b = begin();
  const log: string[] = [];
  const on = {
    began: () => log.push('began'),
    bytes: (data: Uint8Array) => log.push(Buffer.from(data).toString()),
    ended: (why: string) => log.push(why),
  };
  const watch = b.link.watch('agent-1', { cols: 80, rows: 24 }, on);
  expect(b.wire().said.at(-1)).toEqual({ type: 'watch', channel: 1, agent: 'agent-1', cols: 80, rows: 24 });
  b.hear({ type: 'watching', channel: 1, cols: 80, rows: 24 });
  b.wire().events.bytes(Uint8Array.from([1, 104, 105]));
  watch.resize(100, 30);
  b.wire().events.closed(1006);
  watch.input('eA==');
  b.pass(250);
  b.wire().events.open();
  b.hear(ready(7));
  expect(b.wire().said.at(-1)).toEqual({ type: 'watch', channel: 1, agent: 'agent-1', cols: 100, rows: 30 });
  b.hear({ type: 'watching', channel: 1, cols: 100, rows: 30 });
  b.hear({ type: 'closed', channel: 1, reason: 'the window is gone' });
  expect(log).toEqual(['began', 'hi', 'began', 'the window is gone']);
});

test('bytes of an earlier watch do not reach the next one', () => {
  const b = begin();
  const log: string[] = [];
  const on = { began: () => log.push('began'), bytes: () => log.push('bytes'), ended: () => undefined };
  b.link.watch('agent-1', { cols: 80, rows: 24 }, { ...on, bytes: () => log.push('old') }).close();
  b.link.watch('agent-2', { cols: 80, rows: 24 }, on);
  expect(b.wire().said.at(-1)).toMatchObject({ type: 'watch', channel: 2 });
  b.wire().events.bytes(Uint8Array.from([1, 104]));
  b.wire().events.bytes(Uint8Array.from([2, 104]));
  expect(log).toEqual([]);
});
