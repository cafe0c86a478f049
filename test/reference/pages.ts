/** All of `docs/reference/`: file name → text. */
import { kinds } from '../../machines/index.ts';
import { specs } from '../../src/cli/specs/index.ts';
import { buildApiHouse } from '../support/build-api-house.ts';
import { chartPages } from './charts.ts';
import { commandsPage } from './commands.ts';
import { made } from './markdown.ts';
import { type OpenApi, routesPage } from './routes.ts';

export const folder = new URL('../../docs/reference/', import.meta.url);

const described = async (): Promise<OpenApi> => {
  const house = await buildApiHouse({});
  const reply = await house.app.inject({ url: '/openapi.json', headers: { host: '127.0.0.1:8765' } });
  await house.close();
  return reply.json<OpenApi>();
};

const index = [
  '# Reference',
  '',
  made,
  '',
  '- [Commands](commands.md): everything `ccm` can do.',
  '- [HTTP interface](http.md): every route.',
  '- The charts, each with its picture, what every state means and how it is left: [task](charts/task.md), [agent](charts/agent.md),',
  '  [message](charts/message.md), [approval](charts/approval.md), [sync link](charts/sync-link.md).',
  '',
].join('\n');

export const referencePages = async (): Promise<Map<string, string>> =>
  new Map([
    ['README.md', index],
    ['commands.md', commandsPage(specs)],
    ['http.md', routesPage(await described())],
    ...(await chartPages(Object.values(kinds))),
  ]);
