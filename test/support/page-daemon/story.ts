/** A day at work, told as events: tasks in every state a person meets. */
import { type Hub, tellHub } from './hub.ts';
import { createWorld, type World } from './world.ts';

const minute = 60_000;

const profileOf = (name: string, mode: 'interactive' | 'oneshot') => ({
  name,
  kind: name === 'claude' || name === 'gemini' ? name : 'custom',
  command: [name, '{prompt}'],
  envNames: [],
  mode,
  prompt: mode === 'oneshot' ? 'argument' : 'paste',
  ready: null,
  busy: null,
  ask: null,
  restart: mode === 'oneshot' ? 'never' : 'on-failure',
  maxRestarts: 3,
  resumable: true,
  bootMs: 20_000,
  idleMs: 600_000,
  settleMs: 120,
  concurrency: 0,
  timeoutMs: 0,
});

type Asked = {
  title: string;
  prompt: string;
  agent?: string;
  priority?: number;
  after?: string[];
  startAt?: number | null;
  project?: string;
  budget?: number | null;
  from?: { task: string; commit: string; before: number | null } | null;
};

export const tellStory = (present: number) => {
  const clock = { now: present - 190 * minute };
  const world: World = createWorld(clock);
  let count = 0;
  const newId = (kind: string): string => `${kind}-0192f3a4-${String(++count).padStart(4, '0')}`;
  const ago = (minutes: number): void => {
    clock.now = present - minutes * minute;
  };

  const ask = ({
    title,
    prompt,
    agent = 'claude',
    priority = 0,
    after = [],
    startAt = null,
    project = 'shop',
    budget = null,
    from = null,
  }: Asked): string => {
    const id = newId('task');
    const profile = profileOf(agent, agent === 'lint-bot' ? 'oneshot' : 'interactive');
    world.create('task', id, {
      by: 'web',
      project,
      title,
      prompt,
      profile,
      priority,
      after,
      startAt,
      system: null,
      isolated: true,
      budget,
      from,
    });
    return id;
  };
  const agentOf = (task: string): string => String(world.find(task) && world.saved(world.find(task)!).context['agent']);
  const attempt = (task: string): number => Number(world.find(task) && world.saved(world.find(task)!).context['attempt']);

  const start = (task: string): string => {
    world.send(task, {
      type: 'GRANTED',
      agent: newId('agent'),
      message: newId('message'),
      conversation: newId('conversation'),
      by: 'admission',
    });
    const dir = `/home/me/.ccm/worktrees/shop/${world.find(task)?.short}`;
    const workspace = { dir, worktree: dir, branch: `ccm-${world.find(task)?.short}/work`, base: '3f9c2d1e', notes: [] };
    clock.now += 900;
    world.send(task, { type: 'WORKSPACE_READY', attempt: attempt(task), workspace, by: 'effect' });
    const agent = agentOf(task);
    clock.now += 700;
    const pane = { generation: 'g1', window: '@3', pane: '%7', pid: 48_213, pidStart: '8812' };
    world.send(agent, { type: 'LAUNCHED', launch: 1, pane, by: 'effect' });
    clock.now += 2400;
    observe(agent, 'ready', 'pane', 'the prompt is on the screen');
    const message = world.of('message').find((m) => world.saved(m).context['agent'] === agent);
    if (message) {
      clock.now += 600;
      world.send(message.id, { type: 'SUBMITTED', attempt: 1, by: 'effect' });
      clock.now += 400;
      world.send(message.id, { type: 'TURN_STARTED', by: 'hook' });
    }
    observe(agent, 'busy', 'hook', 'PreToolUse Read src/webhook/send.ts');
    return agent;
  };
  const observe = (agent: string, fact: string, source: string, detail: string): void =>
    world.send(agent, {
      type: 'OBSERVED',
      launch: 1,
      fact,
      source,
      observedAt: clock.now,
      detail,
      by: source === 'report' ? `agent:${agent}` : source,
    });
  const progress = (agent: string, detail: string): void => {
    clock.now += 8000;
    observe(agent, 'progress', 'report', detail);
  };
  const askPerson = (
    agent: string,
    kind: 'approval' | 'question',
    text: string,
    tool: string | null,
    choices: string[] = [],
    expires = 0,
  ): void => {
    clock.now += 1500;
    const expiresAt = expires ? clock.now + expires : null;
    world.send(agent, {
      type: 'ASKED',
      approval: newId('approval'),
      kind,
      text,
      tool,
      choices,
      expiresAt,
      source: 'hook',
      observedAt: clock.now,
      by: 'hook',
    });
  };
  const finish = (task: string, agent: string, words: string, diff: { files: number; insertions: number; deletions: number }): void => {
    clock.now += 90_000;
    observe(agent, 'done', 'report', words);
    clock.now += 300;
    world.send(task, { type: 'WORKSPACE_MEASURED', attempt: attempt(task), diff, by: 'effect' });
  };

  ago(180);
  const bundle = ask({
    title: 'Reduce the bundle below 150 KB',
    prompt: 'The first load is 212 KB. Find what can be loaded later and bring it below 150 KB.',
  });
  finish(bundle, start(bundle), 'Bundle is 143 KB: the map and the editor are loaded when they are opened.', {
    files: 9,
    insertions: 212,
    deletions: 88,
  });
  ago(150);
  const flaky = ask({ title: 'Find out why cart.test.ts fails on Mondays', prompt: 'cart.test.ts fails on Mondays only.' });
  finish(flaky, start(flaky), 'The test built "next Monday" from today; on Mondays that is today. Fixed with a fixed clock.', {
    files: 2,
    insertions: 14,
    deletions: 6,
  });
  ago(121);
  const lint = ask({ title: 'Lint the payment service', prompt: 'Run the linter and fix what it finds.', agent: 'lint-bot' });
  const lintAgent = start(lint);
  clock.now += 40_000;
  world.send(lintAgent, {
    type: 'PROCESS_EXITED',
    launch: 1,
    exit: { code: 2, signal: null },
    output: 'src/pay.ts:14 error  unexpected any\n✖ 1 problem',
    detail: 'exit file',
    by: 'exit file',
  });
  world.send(lint, { type: 'WORKSPACE_MEASURED', attempt: 1, diff: { files: 0, insertions: 0, deletions: 0 }, by: 'effect' });
  ago(96);
  const docs = ask({ title: 'Translate the error messages', prompt: 'Translate messages.json to Swedish.', project: 'docs' });
  world.send(docs, { type: 'STOP', reason: 'Somebody else does it', by: 'web' });

  ago(38);
  const retry = ask({
    title: 'Add a retry to the webhook sender',
    prompt: 'The webhook sender gives up at the first error. Add a retry with back-off and jitter, and a test.',
    priority: 2,
  });
  const retryAgent = start(retry);
  progress(retryAgent, 'Reading src/webhook');
  ago(30);
  progress(retryAgent, 'Writing the back-off');
  askPerson(retryAgent, 'approval', 'npm install --save-dev @sinonjs/fake-timers', 'Bash');
  const firstAsk = world.of('approval').at(-1);
  clock.now += 40_000;
  if (firstAsk) world.send(firstAsk.id, { type: 'ALLOW', by: 'web' });
  ago(14);
  progress(retryAgent, 'Running npm test -- webhook');
  ago(2);
  progress(retryAgent, '41 of 42 tests pass; looking at send.test.ts:88');

  ago(22);
  const orders = ask({
    title: 'Replace the legacy orders table',
    prompt: 'Move what still reads orders_legacy to orders, then drop the table.',
    priority: 5,
  });
  const ordersAgent = start(orders);
  progress(ordersAgent, 'No reader of orders_legacy is left');
  ago(6);
  askPerson(ordersAgent, 'approval', 'psql shop_dev -c "DROP TABLE orders_legacy"', 'Bash', [], 30 * minute);
  ago(17);
  const dates = ask({
    title: 'Show invoice dates in the customer’s language',
    prompt: 'Invoices show ISO dates. Use the customer’s language.',
    agent: 'gemini',
  });
  const datesAgent = start(dates);
  ago(11);
  askPerson(datesAgent, 'question', 'Customers without a language: which format shall their invoices have?', null, [
    '2026-11-22',
    '22 November 2026',
    '11/22/2026',
  ]);
  ago(9);
  const search = ask({ title: 'Make product search forgive typing errors', prompt: 'Searching “keybord” finds nothing.', agent: 'claude' });
  const searchAgent = start(search);
  ago(4);
  world.send(searchAgent, {
    type: 'OBSERVED',
    launch: 1,
    fact: 'limited',
    source: 'hook',
    observedAt: clock.now,
    detail: 'usage limit reached, resets in 41 min',
    until: present + 41 * minute,
    by: 'hook',
  });

  ago(3);
  ask({
    title: 'Write the release notes',
    prompt: 'Release notes for 2.4 from the merged branches.',
    after: [retry, orders],
    project: 'docs',
  });
  ago(2);
  ask({ title: 'Update the dependencies', prompt: 'Minor versions only, one commit each.' });
  ask({
    title: 'Nightly security audit',
    prompt: 'npm audit, and fix what is safe.',
    startAt: present + 7 * 60 * minute,
    agent: 'lint-bot',
  });
  clock.now = present;
  let hub: Hub | null = null;
  return {
    world,
    clock,
    ask,
    start,
    progress,
    names: { retry, orders, dates, search, bundle },
    hub: () => hub,
    /** From now on this home has a hub, which cannot be reached. */
    connect: (): Hub => (hub ??= tellHub(world, clock, Date.now())),
  };
};
export type Story = ReturnType<typeof tellStory>;
