/**
 * The terminals one viewer watches, by channel. A viewer that does not keep up pauses its own pane's stream (and gets a fresh picture when it
 * goes on); nothing is buffered for it without bound.
 */
import type { AgentContext } from '../../../machines/agent/schema.ts';
import { fail, ok, type Problem, type Result } from '../../errors.ts';
import type { PaneRef, PaneWatch, Terminal } from '../../ports/terminal.ts';
import type { Resolver } from '../../services/resolve.ts';
import { windowBytes } from '../contract/socket.ts';

const maxChannels = 16;
/** Bytes in flight at which a paused viewer is given up. */
const hopelessBytes = 16 * windowBytes;
const maxPendingInputs = 64;
const chunkBytes = 32 * 1024;

type Channel = {
  pane: PaneRef;
  watch: PaneWatch | null;
  unacked: number;
  paused: boolean;
  inputs: number;
  typing: Promise<unknown>;
  closed: boolean;
};
export type WatchDeps = {
  terminal: Terminal;
  resolve: Pick<Resolver, 'agent'>;
  /** One binary frame: channel byte, then terminal bytes. */
  sendBytes: (frame: Uint8Array) => void;
  onClosed: (channel: number, reason: string) => void;
};

const refuse = (problem: Problem): Result<never> => ({ ok: false, problem });

export const watchTable = ({ terminal, resolve, sendBytes, onClosed }: WatchDeps) => {
  const channels = new Map<number, Channel>();

  const close = (channel: number, reason: string | null): void => {
    const entry = channels.get(channel);
    if (!entry) return;
    channels.delete(channel);
    entry.closed = true;
    entry.watch?.close();
    if (reason !== null) onClosed(channel, reason);
  };

  const deliver = (number: number, entry: Channel, bytes: Uint8Array): void => {
    if (entry.closed) return;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const part = bytes.subarray(at, at + chunkBytes);
      const frame = new Uint8Array(part.length + 1);
      frame[0] = number;
      frame.set(part, 1);
      sendBytes(frame);
    }
    entry.unacked += bytes.length;
    if (entry.unacked > hopelessBytes) return close(number, 'The viewer does not keep up.');
    if (entry.unacked > windowBytes && !entry.paused) {
      entry.paused = true;
      entry.watch?.pause();
    }
  };

  const off = terminal.on((event) => {
    for (const [number, { pane }] of channels) {
      if (event.type === 'gone' && event.pane.pane === pane.pane && event.pane.generation === pane.generation)
        close(number, 'The window is gone.');
      if (event.type === 'serverLost' && event.generation === pane.generation) close(number, 'The terminal server has ended.');
    }
  });

  const paneOf = (text: string): Result<PaneRef> => {
    const found = resolve.agent(text);
    if (!found.ok) return found;
    const { pane } = found.value.context as AgentContext;
    return pane === null ? fail('CCM_PANE_GONE', `The agent ${found.value.short} has no window.`) : ok(pane);
  };

  return {
    /** `onOpen` runs before the first byte is sent. */
    open: async (number: number, agent: string, size: { cols: number; rows: number } | null, onOpen: () => void): Promise<Result<void>> => {
      if (channels.has(number)) return refuse({ code: 'CCM_CONFLICT', detail: `Channel ${number} is in use.` });
      if (channels.size >= maxChannels)
        return refuse({ code: 'CCM_RATE_LIMITED', detail: `At most ${maxChannels} windows can be watched at once.` });
      const pane = paneOf(agent);
      if (!pane.ok) return pane;
      const entry: Channel = {
        pane: pane.value,
        watch: null,
        unacked: 0,
        paused: false,
        inputs: 0,
        typing: Promise.resolve(),
        closed: false,
      };
      channels.set(number, entry);
      if (size) {
        const resized = await terminal.resize(pane.value, size.cols, size.rows);
        if (!resized.ok) {
          close(number, null);
          return resized;
        }
      }
      let early: Uint8Array[] | null = [];
      const watch = await terminal.watch(pane.value, (bytes) => (early === null ? deliver(number, entry, bytes) : void early.push(bytes)));
      if (!watch.ok) {
        close(number, null);
        return watch;
      }
      entry.watch = watch.value;
      // The viewer left while the watch was being set up.
      if (entry.closed) return ok(watch.value.close());
      onOpen();
      for (const bytes of early) deliver(number, entry, bytes);
      early = null;
      return ok(undefined);
    },
    ack: (number: number, bytes: number): void => {
      const entry = channels.get(number);
      if (!entry) return;
      entry.unacked = Math.max(0, entry.unacked - bytes);
      if (entry.paused && entry.unacked < windowBytes / 2) {
        entry.paused = false;
        entry.watch?.resume();
      }
    },
    /** Keystrokes go in one after another, in the order they came. */
    input: async (number: number, bytes: Uint8Array): Promise<Result<void>> => {
      const entry = channels.get(number);
      if (!entry) return fail('CCM_NOT_FOUND', `Channel ${number} is not open.`);
      if (entry.inputs >= maxPendingInputs) return fail('CCM_RATE_LIMITED', 'The terminal does not keep up with the typing.');
      entry.inputs += 1;
      const typed = entry.typing.then(() =>
        entry.closed ? fail('CCM_NOT_FOUND', `Channel ${number} is closed.`) : terminal.type(entry.pane, bytes),
      );
      entry.typing = typed;
      const result = await typed;
      entry.inputs -= 1;
      return result;
    },
    resize: async (number: number, cols: number, rows: number): Promise<Result<void>> => {
      const entry = channels.get(number);
      return entry ? terminal.resize(entry.pane, cols, rows) : fail('CCM_NOT_FOUND', `Channel ${number} is not open.`);
    },
    close: (number: number): void => close(number, null),
    closeAll: (): void => {
      off();
      for (const number of channels.keys()) close(number, null);
    },
  };
};
export type WatchTable = ReturnType<typeof watchTable>;
