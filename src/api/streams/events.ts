/** `GET /events`: committed steps as server-sent events, for curl and scripts. `Last-Event-ID` (or `?after=`) resumes without a gap. */

import { z } from 'zod';
import { CcmError } from '../../errors.ts';
import { callerOf } from '../auth/gate.ts';
import type { Api } from '../http/route.ts';
import type { RouteDeps } from '../routes/deps.ts';
import type { OpenStream, OpenStreams } from './open-streams.ts';

const heartbeatMs = 15_000;
/** A reader this far behind is cut off; it comes back with its last id and misses nothing. */
const maxBehindBytes = 4 * 1024 * 1024;

const query = z.strictObject({
  after: z.coerce.number().int().nonnegative().optional().describe('Steps after this gseq; Last-Event-ID goes before it'),
});

export const eventRoutes = (
  app: Api,
  { services: { actors }, runtime, clock, streams }: Pick<RouteDeps, 'services' | 'runtime' | 'clock'> & { streams: OpenStreams },
): void => {
  app.get(
    '/events',
    {
      config: { access: 'read' },
      schema: {
        tags: ['journal'],
        summary: 'Committed steps as they happen (server-sent events)',
        querystring: query,
        response: {
          200: {
            description: '`event: step` with a FeedRow; `event: reset` when the mark is too old',
            content: { 'text/event-stream': { schema: z.string() } },
          },
        },
      },
    },
    (request, reply) => {
      const told = request.headers['last-event-id'];
      const since = told === undefined ? (request.query.after ?? null) : Number(told);
      if (since !== null && !Number.isSafeInteger(since))
        throw new CcmError('CCM_BAD_INPUT', 'Last-Event-ID is not one of ours.', { field: 'Last-Event-ID' });
      const { raw } = reply;
      const stream: OpenStream = { token: callerOf(request).token, end: () => raw.end() };
      if (!streams.add(stream)) throw new CcmError('CCM_RATE_LIMITED', 'Too many streams are open.');
      reply.hijack();
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      const write = (text: string): void => {
        if (raw.writableEnded || raw.destroyed) return;
        raw.write(text);
        if (raw.writableLength > maxBehindBytes) raw.destroy();
      };
      // Something at once: a client behind a buffer sees that it is connected.
      write('retry: 2000\n\n');
      const reset = (head: number): void => write(`id: ${head}\nevent: reset\ndata: ${JSON.stringify({ head })}\n\n`);
      const subscription = runtime.feed.subscribe(
        since,
        (rows) => write(rows.map((row) => `id: ${row.gseq}\nevent: step\ndata: ${JSON.stringify(actors.feedRow(row))}\n\n`).join('')),
        () => reset(actors.head()),
      );
      if (subscription.compacted) reset(subscription.head);
      let cancel = (): void => undefined;
      const beat = (): void => {
        write(': still here\n\n');
        cancel = clock.after(heartbeatMs, beat);
      };
      cancel = clock.after(heartbeatMs, beat);
      // A reader that is gone in the middle of a write is an end like any other.
      raw.on('error', () => raw.destroy());
      raw.on('close', () => {
        subscription.close();
        cancel();
        streams.remove(stream);
      });
    },
  );
};
