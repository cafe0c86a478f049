/** The WebSocket of the contract: steps, and a terminal that prints what it is given and echoes what is typed. */
import type { WebSocket } from 'ws';
import type { ClientFrame, ServerFrame } from '../../../src/api/contract/socket.ts';
import type { Story } from './story.ts';
import { feedRow } from './views.ts';

const usual = [
  '\x1b[38;2;200;120;220m●\x1b[0m I will add a retry with back-off to the webhook sender.\r\n',
  '\r\n\x1b[32m●\x1b[0m \x1b[1mUpdate\x1b[0m(src/webhook/send.ts)\r\n  └  Updated with 6 additions and 2 removals\r\n',
  '     \x1b[48;2;80;20;24m- const reply = await fetch(url, { method: "POST", body });\x1b[0m\r\n',
  '     \x1b[48;2;20;60;30m+ const reply = await retry(() => fetch(url, { method: "POST" }));\x1b[0m\r\n',
  '\r\n\x1b[33m●\x1b[0m \x1b[1mBash\x1b[0m(npm test -- webhook)\r\n  └  \x1b[32m✓\x1b[0m send.test.ts  41 passed\r\n     \x1b[31m✗\x1b[0m send.test.ts:88  gives up after five tries\r\n',
  '\r\n\x1b[36m✳ Looking at send.test.ts:88 …\x1b[0m \x1b[2m(38 s · esc to interrupt)\x1b[0m\r\n\r\n> ',
].join('');

const orders = [
  '\x1b[38;2;200;120;220m●\x1b[0m Nothing reads orders_legacy any more; what is left is to drop it.\r\n',
  '\r\n\x1b[32m●\x1b[0m \x1b[1mBash\x1b[0m(grep -rn orders_legacy src)\r\n  └  \x1b[2m(no output)\x1b[0m\r\n',
  '\r\n\x1b[33m●\x1b[0m \x1b[1mBash\x1b[0m(psql shop_dev -c "DROP TABLE orders_legacy")\r\n',
  '  └  \x1b[33mWaits for a permission\x1b[0m\r\n\r\n> ',
].join('');

const frameOf = (channel: number, text: string): Buffer => Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);

export const serveSocket = (
  socket: WebSocket,
  story: Story | null,
  token: string,
  heard: (frame: ClientFrame) => void,
  screen?: string,
): void => {
  const say = (frame: ServerFrame): void => socket.send(JSON.stringify(frame));
  const world = story?.world;
  const screenOf = (agent: string): string => {
    const task = story && world?.find(story.names.orders);
    return task && world && world.saved(task).context['agent'] === agent ? orders : usual;
  };
  const tell = (row: Parameters<typeof feedRow>[1]): void => {
    if (world) say({ type: 'rows', rows: [feedRow(world, row)] });
  };
  socket.on('close', () => world?.listeners.delete(tell));
  socket.on('message', (data: Buffer) => {
    const frame: ClientFrame = JSON.parse(data.toString());
    heard(frame);
    switch (frame.type) {
      case 'auth':
        if (frame.token !== token) return socket.close(4003, 'unauthorized');
        return say({ type: 'ready', head: world?.journal.length ?? 0, user: { name: 'web', scopes: ['read', 'act', 'admin'] } });
      case 'subscribe': {
        const since = frame.since ?? Number.POSITIVE_INFINITY;
        const missed = world?.journal.filter((row) => row.gseq > since) ?? [];
        if (world && missed.length > 0) say({ type: 'rows', rows: missed.map((row) => feedRow(world, row)) });
        world?.listeners.add(tell);
        return;
      }
      case 'watch':
        say({ type: 'watching', channel: frame.channel, cols: frame.cols ?? 80, rows: frame.rows ?? 24 });
        return socket.send(frameOf(frame.channel, screen ?? screenOf(frame.agent)));
      case 'input':
        return socket.send(frameOf(frame.channel, Buffer.from(frame.data, 'base64').toString().replaceAll('\r', '\r\n')));
      case 'ping':
        return say({ type: 'pong' });
    }
  });
};
