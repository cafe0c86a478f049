/** From a method and a path to the handler. */
import type { Answer, Call, Route } from './call.ts';
import { decisionRoutes } from './decision-routes.ts';
import { refusal } from './house.ts';
import { houseRoutes } from './house-routes.ts';
import { syncRoutes } from './sync-routes.ts';
import { taskRoutes } from './task-routes.ts';

const routes: readonly Route[] = [...taskRoutes, ...decisionRoutes, ...houseRoutes, ...syncRoutes];

/** As in the real one, not every deed can be foreseen by it. */
const takeDryRun = new Set([
  'POST /tasks',
  'POST /tasks/:t/:v',
  'POST /agents/:a/:v',
  'POST /messages/:m/cancel',
  'POST /tasks/:t/messages',
  'POST /tasks/:t/merge',
  'DELETE /tasks/:t',
  'POST /projects',
  'DELETE /projects/:p',
  'POST /projects/:p/trust',
  'POST /tasks/:t/pr',
  'POST /tasks/:t/fork',
  'POST /approvals/:x/approve',
  'POST /approvals/:x/deny',
  'POST /approvals/:x/answer',
]);

const parts = (path: string): string[] =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);

/** The first route that fits; `:x` takes any one part. */
export const match = async (method: string, path: string, call: Call): Promise<Answer> => {
  const given = parts(path);
  for (const [pattern, handler] of routes) {
    const [verb, shape = ''] = pattern.split(' ');
    const wanted = parts(shape);
    if (verb !== method || wanted.length !== given.length) continue;
    if (!wanted.every((part, i) => part.startsWith(':') || part === given[i])) continue;
    if ('dry_run' in call.query && !takeDryRun.has(pattern))
      throw refusal({ status: 400, code: 'CCM_BAD_INPUT', detail: 'The query: Unrecognized key: "dry_run".' });
    return handler(call, ...given.filter((_, i) => wanted[i]?.startsWith(':')));
  }
  throw refusal({ status: 404, code: 'CCM_NOT_FOUND', detail: `There is no ${method} ${path}.` });
};
