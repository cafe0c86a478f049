/** What agents used, for people: sums with the names of what they are sums of. */
import type { z } from 'zod';
import type { UsageFigures, UsageReport, UsageRow, usageQuery } from '../api/contract/usage.ts';
import { ok, type Result } from '../errors.ts';
import { dayOf, startOfDay } from '../money/day.ts';
import type { UsageBook, UsageBy, UsageQuery, UsageSum } from '../ports/usage.ts';
import type { ServiceDeps } from './deps.ts';
import type { ProjectService } from './projects.ts';
import type { Resolver } from './resolve.ts';

export type UsageService = {
  /** Part of a task or an agent; null until something was heard. */
  of(query: Pick<UsageQuery, 'task' | 'agent'>): UsageFigures | null;
  report(query: z.output<typeof usageQuery>): Result<UsageReport>;
};

export const figuresOf = (sum: UsageSum | undefined): UsageFigures | null => {
  if (!sum) return null;
  const { requests, turns, busyMs, input, output, cacheRead, cacheWrite, costMicroUsd, unpriced } = sum;
  return { requests, turns, busyMs, input, output, cacheRead, cacheWrite, costMicroUsd, unpriced };
};

type Deps = Pick<ServiceDeps, 'runtime' | 'config' | 'clock'> & {
  store: { projects: ServiceDeps['store']['projects']; usage: UsageBook };
  resolve: Resolver;
  projects: Pick<ProjectService, 'find'>;
};

export const usageService = ({ runtime, store, config, clock, resolve, projects }: Deps): UsageService => {
  const named = (by: UsageBy, key: string): Pick<UsageRow, 'name' | 'short'> => {
    if (by === 'project') return { name: store.projects.get(key)?.name ?? key, short: null };
    if (by !== 'task' && by !== 'agent') return { name: key === '' ? 'unknown' : key, short: null };
    const state = runtime.state(key);
    return { name: state?.view.title ?? key, short: state?.short ?? null };
  };
  return {
    of: (query) => figuresOf(store.usage.sum({ ...query, now: clock.now() })),
    report: ({ by, since, task, project, limit }) => {
      // Of a day that is kept as sums there is all or nothing.
      const from = since !== undefined && store.usage.folded(dayOf(since)) ? startOfDay(since) : since;
      const query: UsageQuery = { now: clock.now(), ...(from === undefined ? {} : { since: from }) };
      if (task !== undefined) {
        const found = resolve.task(task);
        if (!found.ok) return found;
        query.task = found.value.id;
      }
      if (project !== undefined) {
        const found = projects.find(project);
        if (!found.ok) return found;
        query.project = found.value.id;
      }
      const rows = store.usage.sums(by, query, limit).map(({ key, ...sum }) => ({
        key,
        ...named(by, key),
        ...sum,
        ...(by === 'model' ? { turns: null, busyMs: null } : {}),
      }));
      return ok({
        by,
        from: from ?? null,
        rows,
        total: figuresOf(store.usage.sum(query)),
        prices: config.prices.version === '' ? null : config.prices.version,
      });
    },
  };
};
