/** A fake daemon with one of everything in it: enough for every command to have something to say. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../temp-folder.ts';
import { fakeDaemon } from './index.ts';
import { aJournal, aMessage, anAgent, anApproval, aProject, aTask, countFromOne, noon } from './samples.ts';

const result = {
  exitCode: 0,
  signal: null,
  summary: 'The query string is kept now.',
  durationMs: 123_000,
  diff: { files: 2, insertions: 40, deletions: 2 },
  output: 'ok 12 tests\ndone',
};

/** `ids` are the short ids to type. */
export const furnishedDaemon = async () => {
  countFromOne();
  const daemon = await fakeDaemon(join(await tempFolder(), 'home'));
  onTestFinished(daemon.stop);
  const { house } = daemon;
  const working = aTask({
    id: '0195a000-0000-7000-8000-0000000a1b2c',
    title: 'Fix the login redirect',
    agent: '0195a000-0000-7000-8000-0000000a9999',
  });
  const asking = aTask({
    id: '0195a000-0000-7000-8000-0000000b1b2c',
    title: 'Drop the old carts',
    status: 'needsApproval',
    attention: 2,
    agent: '0195a000-0000-7000-8000-0000000b9999',
    updatedAt: noon + 4 * 60_000,
  });
  const done = aTask({
    id: '0195a000-0000-7000-8000-0000000c1b2c',
    title: 'Keep the query string',
    status: 'succeeded',
    branch: 'ccm-c1b2c/keep-the-query-string',
    result,
    updatedAt: noon + 290_000,
    endedAt: noon + 290_000,
  });
  for (const task of [asking, working, done]) {
    house.tasks.set(task.id, task);
    house.journal.set(task.id, aJournal(task));
    house.logs.set(task.id, `first line\nworking on ${task.title}\n`);
    house.diffs.set(task.id, 'diff --git a/cart.ts b/cart.ts\n--- a/cart.ts\n+++ b/cart.ts\n@@ -1 +1,2 @@\n-old\n+new\n+more\n');
  }
  for (const task of [working, asking]) house.agents.set(task.agent ?? '', anAgent(task, { id: task.agent ?? '' }));
  const agent = house.agents.get(asking.agent ?? '');
  if (!agent) throw new Error('no agent');
  const approval = anApproval(asking, agent, { id: '0195a000-0000-7000-8000-0000000d1b2c' });
  const question = anApproval(asking, agent, {
    id: '0195a000-0000-7000-8000-0000000e1b2c',
    kind: 'question',
    text: 'Which table?',
    tool: null,
    choices: ['carts', 'old_carts'],
  });
  const message = aMessage(working, 'Also the empty cart', { id: '0195a000-0000-7000-8000-0000000f1b2c' });
  house.messages.set(message.id, message);
  house.approvals.set(approval.id, approval);
  house.approvals.set(question.id, question);
  house.projects.set('p-shop', aProject());
  house.tokens.set('t-1', {
    id: 't-1',
    name: 'grafana',
    scopes: ['read'],
    agent: null,
    createdAt: noon,
    expiresAt: null,
    lastUsedAt: null,
  });
  const ids = {
    working: working.short,
    asking: asking.short,
    done: done.short,
    approval: approval.short,
    question: question.short,
    message: message.short,
  };
  return { ...daemon, ids };
};
export type Furnished = Awaited<ReturnType<typeof furnishedDaemon>>;
