/** The charts as they were drawn when the web interface was built. Read once; without a build there are none. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CcmError, ensureError } from '../../errors.ts';
import { type Chart, chart, chartParams } from '../contract/chart.ts';
import { reply } from '../contract/envelope.ts';
import { type Api, answers, body, noQuery } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

const readCharts = async (folder: string): Promise<Chart[]> => {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
    return await Promise.all(names.map(async (name) => chart.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))));
  } catch (thrown) {
    if ((ensureError(thrown) as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw thrown;
  }
};

export const chartRoutes = (app: Api, { webRoot }: Pick<RouteDeps, 'webRoot'>): void => {
  const tags = ['charts'];
  let read: Promise<Chart[]> | null = null;
  const all = async (): Promise<Chart[]> => {
    read ??= readCharts(join(webRoot, 'charts'));
    const charts = await read;
    // A build may still come.
    if (charts.length === 0) read = null;
    return charts;
  };
  app.get(
    '/charts',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Every chart with its layouts', querystring: noQuery, response: answers(reply(z.array(chart))) },
    },
    async () => body(await all()),
  );
  app.get(
    '/charts/:kind',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'The chart of one kind', params: chartParams, querystring: noQuery, response: answers(reply(chart)) },
    },
    async (request) => {
      const found = (await all()).find(({ kind }) => kind === request.params.kind);
      if (!found) throw new CcmError('CCM_NOT_FOUND', `There is no drawn chart of the kind "${request.params.kind}".`);
      return body(found);
    },
  );
};
