/** Projects and agent profiles. */
import { z } from 'zod';
import { acted, dryRun, reply } from '../contract/envelope.ts';
import { profileView } from '../contract/profile.ts';
import { createProject, project, projectParams, removedProject, trustProject } from '../contract/project.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

export const projectRoutes = (app: Api, { services: { projects, profiles, foretell } }: Pick<RouteDeps, 'services'>): void => {
  const tags = ['projects'];
  app.get(
    '/projects',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'List the projects', querystring: noQuery, response: answers(reply(z.array(project))) },
    },
    async () => body(await projects.list()),
  );
  app.post(
    '/projects',
    {
      config: { access: 'act' },
      schema: { tags, summary: 'Add a folder as a project', querystring: dryRun, body: createProject, response: answers(acted(project)) },
    },
    async (request) => body(request.query.dry_run ? await foretell.addProject(request.body) : must(await projects.add(request.body))),
  );
  app.get(
    '/projects/:project',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Show a project', params: projectParams, querystring: noQuery, response: answers(reply(project)) },
    },
    async (request) => body(must(await projects.get(request.params.project))),
  );
  app.delete(
    '/projects/:project',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Forget a project; its folder stays as it is',
        params: projectParams,
        querystring: dryRun,
        response: answers(acted(removedProject)),
      },
    },
    (request) =>
      request.query.dry_run
        ? body(must(foretell.forgetProject(request.params.project)))
        : body({ id: must(projects.remove(request.params.project)).id, removed: true as const }),
  );
  app.post(
    '/projects/:project/trust',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: "Let agents use the folder's own settings, or not",
        params: projectParams,
        querystring: dryRun,
        body: trustProject,
        response: answers(acted(project)),
      },
    },
    async (request) =>
      request.query.dry_run
        ? body(must(foretell.trustProject(request.params.project, request.body.trusted)))
        : body(must(await projects.trust(request.params.project, request.body.trusted))),
  );
  app.get(
    '/profiles',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'List the agents a task can name', querystring: noQuery, response: answers(reply(z.array(profileView))) },
    },
    async () => body(await profiles.list()),
  );
};
