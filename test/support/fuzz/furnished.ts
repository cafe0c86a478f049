/** A house with something in every room: tasks in most states, an agent that works and one that asks, a message, a token, a secret. */
import { type ApiHouse, buildApiHouse, project } from '../build-api-house.ts';
import { begin, observe, playedWorld } from '../played-world.ts';
import type { Pool } from './schema.ts';

export type Furnished = {
  house: ApiHouse;
  /** Of the agent that works. */
  agentToken: string;
  pool: Pool;
  close: () => Promise<void>;
};

type Made = { id: string; short: string };

export const furnishedHouse = async (): Promise<Furnished> => {
  const house = await buildApiHouse({ answer: playedWorld, app: { limits: { perToken: 1e9, perAddress: 1e9, perAgent: 1e9 } } });
  const { data, runtime } = house;
  await data('POST', '/api/v1/projects', { path: project });
  const task = (prompt: string) => data<Made>('POST', '/api/v1/tasks', { project: 'shop', prompt, title: prompt });
  const [waiting, working, asking, over] = [await task('waits'), await task('works'), await task('asks'), await task('ends')];
  const agents = [await begin(house, working.id), await begin(house, asking.id), await begin(house, over.id)] as const;
  for (const agent of agents) await observe(house, agent, 'busy');
  const report = (agent: string, body: object) =>
    house.ask('POST', '/api/v1/report', { token: house.desk.issueForAgent(agent).secret, body });
  await report(agents[1], { report: 'ask', text: 'May I?', approval: true });
  await report(agents[1], { report: 'ask', text: 'Red or blue?', choices: ['red', 'blue'] });
  await observe(house, agents[2], 'done', 'all of it');
  await runtime.idle();
  const message = await data<Made>('POST', `/api/v1/tasks/${working.id}/messages`, { text: 'Hello' });
  await data('POST', '/api/v1/tokens', { name: 'fuzz' });
  await data('POST', '/api/v1/secrets', { name: 'planted', value: 'a-secret-value' });
  const approvals = runtime.list({ kind: 'approval', ended: false }).map(({ id }) => id);
  const verbs = ['stop', 'kill', 'pause', 'resume', 'retry', 'interrupt', 'priority', 'approve', 'deny', 'answer', 'cancel', 'toString'];
  const tasks = [waiting, working, asking, over].flatMap(({ id, short }) => [id, short]);
  const pool = {
    task: tasks,
    after: [waiting.id],
    agent: [...agents, 'demo', 'claude'],
    actor: [...tasks, ...agents, ...approvals, message.id],
    approval: approvals,
    message: [message.id],
    project: ['shop'],
    verb: verbs,
    kind: ['task', 'agent', 'approval', 'claude', 'demo'],
    secret: ['planted'],
    path: [project, '/work-of-mine/other'],
    seq: [0, 1, 2, 3, 1000],
  };
  return { house, agentToken: house.desk.issueForAgent(agents[0]).secret, pool, close: house.close };
};
