/** A TCP proxy on loopback that does what networks do: delays, loses, swallows, leaves half open, resets, and lets later connections overtake. */
import { connect, createServer, type Socket } from 'node:net';

export type Weather = {
  /** Added to each chunk on its way, in each direction, in milliseconds. */
  delayMs: number;
  /** Share of connections that are reset at their next chunk. */
  loss: number;
  /** Share of chunks that are held back by `heldMs`, so that what other connections sent later arrives before. */
  held: number;
  heldMs: number;
  /** Everything is taken and nothing comes through; connections stay open. */
  blackHole: boolean;
  /** What goes to the hub gets there; its answers do not. */
  halfOpen: boolean;
};
export type FaultProxy = {
  url: string;
  weather(change: Partial<Weather>): void;
  /** All present connections end by RST. */
  reset(): void;
  counts(): { connections: number; resets: number; held: number; swallowed: number };
  close(): Promise<void>;
};

const calm: Weather = { delayMs: 0, loss: 0, held: 0, heldMs: 0, blackHole: false, halfOpen: false };

/** `random` is seeded by the caller: 0 ≤ x < 1. */
export const faultProxy = async (target: string, random: () => number): Promise<FaultProxy> => {
  const { hostname, port } = new URL(target);
  let now = calm;
  const open = new Set<Socket>();
  const counts = { connections: 0, resets: 0, held: 0, swallowed: 0 };

  /** Chunks of one direction keep their order, as TCP has it. */
  const pipe = (from: Socket, to: Socket, answers: boolean) => {
    let due = 0;
    const later = (wait: number, work: () => void) => {
      due = Math.max(due, performance.now() + wait);
      const left = due - performance.now();
      if (left <= 0) work();
      else setTimeout(work, left).unref();
    };
    from.on('data', (chunk: Buffer) => {
      if (now.blackHole || (now.halfOpen && answers)) {
        counts.swallowed += 1;
        return;
      }
      if (random() < now.loss) {
        counts.resets += 1;
        from.resetAndDestroy();
        to.resetAndDestroy();
        return;
      }
      const held = random() < now.held;
      if (held) counts.held += 1;
      later(now.delayMs + (held ? now.heldMs : 0), () => void (to.writable && to.write(chunk)));
    });
    from.on('end', () => later(now.delayMs, () => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => open.delete(from));
  };
  const server = createServer((client) => {
    counts.connections += 1;
    const hub = connect({ host: hostname, port: Number(port) });
    for (const socket of [client, hub]) open.add(socket.setNoDelay(true));
    pipe(client, hub, false);
    pipe(hub, client, true);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const reset = () => {
    for (const socket of open) socket.resetAndDestroy();
    open.clear();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    weather: (change) => {
      now = { ...now, ...change };
    },
    reset,
    counts: () => ({ ...counts }),
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      reset();
      await closed;
    },
  };
};
