/** The stream of steps: server-sent events that can be resumed, and broken. */
import type { ServerResponse } from 'node:http';
import type { FeedRow } from '../../../src/api/contract/index.ts';

export const makeFeed = () => {
  const rows: FeedRow[] = [];
  const open = new Set<ServerResponse>();
  const write = (response: ServerResponse, row: FeedRow): void =>
    void response.write(`id: ${row.gseq}\nevent: step\ndata: ${JSON.stringify(row)}\n\n`);
  return {
    head: () => rows.at(-1)?.gseq ?? 0,
    /** Readers connected now. */
    readers: () => open.size,
    tell(row: Omit<FeedRow, 'gseq'>): void {
      const next = { ...row, gseq: (rows.at(-1)?.gseq ?? 0) + 1 };
      rows.push(next);
      for (const response of open) write(response, next);
    },
    serve(response: ServerResponse, lastEventId: string | undefined): void {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(': hello\n\n');
      if (lastEventId !== undefined) for (const row of rows) if (row.gseq > Number(lastEventId)) write(response, row);
      open.add(response);
      response.on('close', () => open.delete(response));
    },
    /** Ends every stream, as a daemon that stops does. */
    end(): void {
      for (const response of open) response.destroy();
      open.clear();
    },
  };
};
export type Feed = ReturnType<typeof makeFeed>;
