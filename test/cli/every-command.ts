/** A call of every command that makes sense in a furnished fake daemon. A command without one fails the tests that use this. */
import { fileURLToPath } from 'node:url';
import type { Furnished } from '../support/fake-daemon/furnished.ts';

/** The first words of a database: enough for what is only foretold. */
const databaseHead = fileURLToPath(new URL('../fixtures/head.db', import.meta.url));

type Ids = Furnished['ids'];
export type Call = {
  words: (ids: Ids) => readonly string[] /** Commands that need no daemon. */;
  alone?: true /** Takes an id that can be unknown: its place. */;
  id?: number;
};

export const calls: Readonly<Record<string, Call>> = {
  up: { words: () => ['up', '--no-open'] },
  down: { words: () => ['down', '--dry-run'], alone: true },
  status: { words: () => ['status'] },
  'service install': { words: () => ['service', 'install', '--dry-run'], alone: true },
  'service uninstall': { words: () => ['service', 'uninstall', '--dry-run'], alone: true },
  'service status': { words: () => ['service', 'status'], alone: true },
  open: { words: () => ['open', '--no-open'] },
  panic: { words: () => ['panic', '--dry-run'] },
  new: { words: () => ['new', 'shop', 'Write a test'], id: 1 },
  ls: { words: () => ['ls'] },
  show: { words: ({ working }) => ['show', working], id: 1 },
  send: { words: ({ working }) => ['send', working, 'Also the empty cart'], id: 1 },
  unsend: { words: ({ message }) => ['unsend', message], id: 1 },
  diff: { words: ({ working }) => ['diff', working], id: 1 },
  merge: { words: ({ done }) => ['merge', done], id: 1 },
  pr: { words: ({ done }) => ['pr', done], id: 1 },
  fork: { words: ({ done }) => ['fork', done, 'Another way'], id: 1 },
  rm: { words: ({ done }) => ['rm', done], id: 1 },
  interrupt: { words: ({ working }) => ['interrupt', working], id: 1 },
  pause: { words: ({ working }) => ['pause', working], id: 1 },
  resume: { words: ({ working }) => ['resume', working, '--dry-run'], id: 1 },
  stop: { words: ({ working }) => ['stop', working], id: 1 },
  kill: { words: ({ working }) => ['kill', working], id: 1 },
  retry: { words: ({ done }) => ['retry', done], id: 1 },
  'run-here': { words: ({ working }) => ['run-here', working, '--dry-run'], id: 1 },
  start: { words: ({ working }) => ['start', working, '--dry-run'], id: 1 },
  budget: { words: ({ working }) => ['budget', working, '3', '--dry-run'], id: 1 },
  priority: { words: ({ working }) => ['priority', working, '3', '--dry-run'], id: 1 },
  why: { words: ({ working }) => ['why', working], id: 1 },
  logs: { words: ({ working }) => ['logs', working], id: 1 },
  attach: { words: ({ working }) => ['attach', working, '--print'], id: 1 },
  inbox: { words: () => ['inbox'] },
  approve: { words: ({ approval }) => ['approve', approval], id: 1 },
  deny: { words: ({ approval }) => ['deny', approval, '--note', 'not now'], id: 1 },
  answer: { words: ({ question }) => ['answer', question, 'old_carts'], id: 1 },
  'project add': { words: () => ['project', 'add', '/usr', '--name', 'another'] },
  agents: { words: () => ['agents'] },
  'project ls': { words: () => ['project', 'ls'] },
  'project rm': { words: () => ['project', 'rm', 'shop'], id: 2 },
  'project trust': { words: () => ['project', 'trust', 'shop'], id: 2 },
  'project untrust': { words: () => ['project', 'untrust', 'shop'], id: 2 },
  inspect: { words: ({ working }) => ['inspect', working], id: 1 },
  replay: { words: ({ working }) => ['replay', working], id: 1 },
  record: { words: ({ working }) => ['record', working, '-o', '/dev/null'], id: 1 },
  verify: { words: () => ['verify'] },
  cost: { words: () => ['cost'] },
  outbox: { words: () => ['outbox'] },
  doctor: { words: () => ['doctor'], alone: true },
  backup: { words: () => ['backup'] },
  'drill reboot': { words: () => ['drill', 'reboot', '--dry-run'], alone: true },
  'token add': { words: () => ['token', 'add', 'ci', '--scope', 'read,act'] },
  'token ls': { words: () => ['token', 'ls'] },
  'token rm': { words: () => ['token', 'rm', 'grafana'], id: 2 },
  restore: { words: () => ['restore', databaseHead, '--dry-run'], alone: true },
  uninstall: { words: () => ['uninstall'], alone: true },
  audit: { words: () => ['audit'] },
  'secret set': { words: () => ['secret', 'set', 'anthropic', '--dry-run'] },
  'secret ls': { words: () => ['secret', 'ls'] },
  'secret rm': { words: () => ['secret', 'rm', 'anthropic'] },
  'secret rotate': { words: () => ['secret', 'rotate'] },
  'secret use': { words: () => ['secret', 'use', 'file'] },
  'config check': { words: () => ['config', 'check'], alone: true },
  completion: { words: () => ['completion', 'bash'], alone: true },
  version: { words: () => ['version'], alone: true },
  report: { words: () => ['report', 'progress', 'half way'], alone: true },
  hook: { words: () => ['hook', 'claude'], alone: true },
  __complete: { words: () => ['__complete', 'sh'], alone: true },
  init: { words: () => ['init', '--local'] },
  login: { words: () => ['login', '--enrol', '--code', '123456'] },
  logout: { words: () => ['logout'] },
  whoami: { words: () => ['whoami'] },
  'sync status': { words: () => ['sync', 'status'] },
  'sync now': { words: () => ['sync', 'now'] },
  'sync pause': { words: () => ['sync', 'pause'] },
  'sync resume': { words: () => ['sync', 'resume'] },
  'sync disable': { words: () => ['sync', 'disable'] },
  systems: { words: () => ['systems'] },
  handoff: { words: ({ working }) => ['handoff', working, 'workshop', '--dry-run'] },
  reassign: { words: ({ working }) => ['reassign', working, 'workshop', '--dry-run'] },
  'outbox cancel': { words: () => ['outbox', 'cancel', '4mq7x', '--dry-run'] },
};

/** What an agent finds in its environment. */
export const agentEnv = ({ url, agentToken }: Pick<Furnished, 'url' | 'agentToken'>): Record<string, string> => ({
  CCM_HOOK_URL: url(),
  CCM_HOOK_TOKEN: agentToken,
  CCM_AGENT_ID: '0195a000-0000-7000-8000-0000000a9999',
});
