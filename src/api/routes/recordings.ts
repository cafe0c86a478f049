/** Flight recordings: what happened, without secrets, as data or as one page that needs no daemon. */
import { reply } from '../contract/envelope.ts';
import { recording, recordingPage, recordingParams } from '../contract/recording.ts';
import { recordingHtml } from '../http/recording-page.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

const aboutOf = (actor: string): string | null => (actor === 'all' ? null : actor);

export const recordingRoutes = (app: Api, { services, webRoot }: Pick<RouteDeps, 'services' | 'webRoot'>): void => {
  const tags = ['recordings'];
  app.get(
    '/recordings/:actor',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'A recording of one task (or `all`): every step, with secrets taken out, chained and sealed',
        params: recordingParams,
        querystring: noQuery,
        response: answers(reply(recording)),
      },
    },
    async (request) => body(must(await services.record.make(aboutOf(request.params.actor)))),
  );
  app.get(
    '/recordings/:actor/page',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The same inside the viewer: one HTML file that opens without a daemon or a network',
        params: recordingParams,
        querystring: noQuery,
        response: answers(reply(recordingPage)),
      },
    },
    async (request) => {
      const made = must(await services.record.make(aboutOf(request.params.actor)));
      return body(await recordingHtml(made, webRoot));
    },
  );
};
