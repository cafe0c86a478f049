/** The daemon itself, projects, tokens, maintenance. */
import { z } from 'zod';
import * as contract from '../../../src/api/contract/index.ts';
import { trustWords } from '../../../src/lib/trust-words.ts';
import { foreseen, type Handler, type Route } from './call.ts';
import { type House, refusal } from './house.ts';
import { anId, aProject, noon } from './samples.ts';
import { secretRoutes } from './secret-routes.ts';

const status: Handler = ({ house, url }) => ({
  schema: contract.status,
  data: {
    version: '0.1.0',
    pid: process.pid,
    home: '/home/me/.ccm',
    url,
    startedAt: noon,
    node: '24.21.0',
    tmux: {
      connected: house.tmuxProblem === null,
      version: '3.3a',
      generation: '1',
      socket: null,
      ...(house.tmuxProblem === null ? {} : { problem: house.tmuxProblem }),
    },
    counts: { tasks: { working: 2, queued: 1 }, agents: { busy: 2 }, attention: 1 },
    sync: { state: 'localOnly', reason: null, pending: 0 },
    parked: house.parked.length,
    unreadable: house.unreadable,
    heldSince: house.heldSince,
    limits: { concurrency: 4 },
  },
});

const projectOf = (house: House, typed = '') => {
  const project = [...house.projects.values()].find(({ id, name }) => id === typed || name === typed);
  if (!project)
    throw refusal({ status: 404, code: 'CCM_NOT_FOUND', detail: `There is no project ${typed}.`, next: 'See `ccm project ls`.' });
  return project;
};

const addProject: Handler = ({ house, body, dry }) => {
  const { path, name = path.split('/').at(-1) ?? '', agent = null } = contract.createProject.parse(body);
  if (dry) return foreseen(`${path} becomes a project.`, '');
  if ([...house.projects.values()].some((project) => project.name === name))
    throw refusal({
      status: 409,
      code: 'CCM_CONFLICT',
      detail: `There is a project ${name} already.`,
      next: 'Choose another with --name.',
    });
  const project = aProject({ id: anId(), path, name, agent });
  house.projects.set(project.id, project);
  return { data: project, schema: contract.project };
};

const addToken: Handler = ({ house, body }) => {
  const { name, scopes, days } = contract.createToken.parse(body);
  const token = {
    id: anId(),
    name,
    scopes,
    agent: null,
    createdAt: noon,
    expiresAt: days ? noon + days * 86_400_000 : null,
    lastUsedAt: null,
  };
  house.tokens.set(token.id, token);
  return { data: { ...token, token: 'ccm_secret' }, schema: contract.newToken };
};

const removeToken: Handler = ({ house }, id = '') => {
  if (!house.tokens.has(id))
    throw refusal({ status: 404, code: 'CCM_NOT_FOUND', detail: `There is no token ${id}.`, next: 'See `ccm token ls`.' });
  house.tokens.delete(id);
  return { data: { id, revoked: true }, schema: contract.revoked };
};

const panic: Handler = ({ house }) => {
  const running = [...house.tasks.values()].filter(({ ended }) => !ended);
  for (const task of running) house.tasks.set(task.id, { ...task, status: 'cancelled', ended: true });
  return {
    data: { stopped: running.length, tasks: running.map(({ id }) => id), killed: 3, left: [], sure: true },
    schema: contract.panicked,
  };
};

export const houseRoutes: readonly Route[] = [
  ['GET /status', status],
  ['GET /projects', ({ house }) => ({ data: [...house.projects.values()], schema: z.array(contract.project) })],
  ['GET /profiles', ({ house }) => ({ data: house.profiles, schema: z.array(contract.profileView) })],
  ['GET /outbox', ({ house }) => ({ data: house.outbox, schema: z.array(contract.outboxRow) })],
  ['GET /parked', ({ house }) => ({ data: house.parked, schema: z.array(contract.parkedRow) })],
  ['POST /verify', ({ house }) => ({ data: { checked: 42, findings: house.findings }, schema: contract.verified })],
  ['POST /projects', addProject],
  ['GET /projects/:p', ({ house }, typed) => ({ data: projectOf(house, typed), schema: contract.project })],
  [
    'DELETE /projects/:p',
    ({ house, dry }, typed) => {
      const { id, name } = projectOf(house, typed);
      if (dry) return foreseen(`The project ${name} is forgotten.`, '');
      house.projects.delete(id);
      return { data: { id, removed: true }, schema: contract.removedProject };
    },
  ],
  [
    'POST /projects/:p/trust',
    ({ house, body, dry }, typed) => {
      const project = projectOf(house, typed);
      const { trusted } = contract.trustProject.parse(body);
      if (dry) return foreseen(`From the next start of an agent on. ${trustWords(project.path, trusted)}`, '');
      const next = { ...project, trusted, trustMeans: trustWords(project.path, trusted) };
      house.projects.set(next.id, next);
      return { data: next, schema: contract.project };
    },
  ],
  ['GET /tokens', ({ house }) => ({ data: [...house.tokens.values()], schema: z.array(contract.tokenView) })],
  ['POST /tokens', addToken],
  ['DELETE /tokens/:t', removeToken],
  ...secretRoutes,
  ['POST /auth/link', ({ url }) => ({ data: { url: `${url}/#k=k_once`, expiresAt: noon }, schema: contract.link })],
  [
    'POST /backup',
    ({ body }) => {
      const { path = '/home/me/.ccm/backups/ccm.db' } = contract.backupBody.parse(body) ?? {};
      return { data: { path, bytes: 1_572_864, verified: true }, schema: contract.backedUp };
    },
  ],
  [
    'POST /shutdown',
    ({ house, body }) => {
      const { agents } = contract.shutdownBody.parse(body) ?? { agents: 'keep' };
      house.shutdown = agents;
      return { data: { stopping: true, agents }, schema: contract.stopping };
    },
  ],
  ['GET /usage', ({ house }) => ({ data: house.usage, schema: contract.usageReport })],
  ['POST /panic', panic],
];
