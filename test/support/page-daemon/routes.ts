/** The part of the HTTP contract that the page uses. */

import type { Kind } from '../../../machines/kind.ts';
import type { Consequence } from '../../../src/api/contract/envelope.ts';
import { trustWords } from '../../../src/lib/trust-words.ts';
import { noHub } from '../no-hub.ts';
import type { Story } from './story.ts';
import { agentView, inboxView, messageView, taskView, whyView } from './views.ts';
import type { Being } from './world.ts';

export type Asked = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown> };
export type Said = { status: number; body: unknown };

const ok = (data: unknown, meta: Record<string, unknown> = {}): Said => ({ status: 200, body: { data, meta } });
export const problem = (status: number, code: string, title: string, detail: string, next: string): Said => ({
  status,
  body: { type: `urn:ccm:${code}`, title, status, detail, code, next, instance: '' },
});
const missing = problem(404, 'CCM_NOT_FOUND', 'There is no such thing', 'Nothing has this id.', 'See `ccm ls --all` for what there is.');

const diff = `diff --git a/src/webhook/send.ts b/src/webhook/send.ts
index 3f9c2d1..8be0f12 100644
--- a/src/webhook/send.ts
+++ b/src/webhook/send.ts
@@ -1,9 +1,14 @@
 import { sign } from './sign.ts';
+import { retry } from '../lib/retry.ts';
 
 export const send = async (url: string, body: string) => {
-  const reply = await fetch(url, { method: 'POST', body });
-  if (!reply.ok) throw new Error(String(reply.status));
+  const reply = await retry(() => fetch(url, { method: 'POST', body, headers: sign(body) }), {
+    tries: 5,
+    firstMs: 250,
+    jitter: true,
+  });
+  if (!reply.ok) throw new SendError(reply.status);
   return reply;
 };
diff --git a/test/webhook/send.test.ts b/test/webhook/send.test.ts
new file mode 100644
--- /dev/null
+++ b/test/webhook/send.test.ts
@@ -0,0 +1,6 @@
+import { expect, test } from 'vitest';
+import { send } from '../../src/webhook/send.ts';
+
+test('gives up after five tries', async () => {
+  await expect(send('http://127.0.0.1:9', '{}')).rejects.toThrow();
+});
`;

const projects = (present: number) => [
  {
    id: 'shop',
    name: 'shop',
    path: '/home/me/code/shop',
    kind: 'git',
    branch: 'main',
    head: '3f9c2d1e77',
    agent: 'claude',
    trusted: true,
    trustMeans: trustWords('/home/me/code/shop', true),
    createdAt: present - 86_400_000 * 3,
    notes: [],
  },
  {
    id: 'docs',
    name: 'docs',
    path: '/home/me/code/docs',
    kind: 'plain',
    branch: null,
    head: null,
    agent: null,
    trusted: false,
    trustMeans: trustWords('/home/me/code/docs', false),
    createdAt: present - 86_400_000,
    notes: ['The folder has no git: one task at a time, in the folder itself.'],
  },
];
const there = { mode: 'interactive', available: true, lacks: null, preferred: false };
const profiles = [
  { ...there, name: 'claude', kind: 'claude', command: ['claude'], preferred: true },
  { ...there, name: 'gemini', kind: 'gemini', command: ['gemini'] },
  { ...there, name: 'lint-bot', kind: 'custom', mode: 'oneshot', command: ['lint-bot', '{prompt}'] },
  { ...there, name: 'codex', kind: 'codex', command: ['codex'], available: false, problem: 'codex is not in PATH' },
];

const pull = {
  opened: true,
  url: 'https://github.com/ada/shop/pull/7',
  pushed: true,
  base: 'main',
  remote: 'origin',
  compare: 'https://github.com/ada/shop/compare',
  command: ['git', 'push'],
  note: null,
};

const beforehand = (consequence: string): Consequence => ({
  dryRun: true,
  legal: true,
  consequence,
  becomes: 'succeeded',
  effects: [],
  timers: [],
  transitions: [],
});
const text = (body: Record<string, unknown>, name: string, otherwise = ''): string =>
  typeof body[name] === 'string' ? body[name] : otherwise;

export const createRoutes = (story: Story | null, present: number) => {
  const world = story?.world;
  const count = (kind: Kind) => {
    const counts: Record<string, number> = {};
    for (const being of world?.of(kind) ?? []) counts[world?.view(being).status ?? ''] = (counts[world?.view(being).status ?? ''] ?? 0) + 1;
    return counts;
  };
  const hubStatus = () => story?.hub()?.status() ?? noHub;
  const status = () => ({
    version: '0.1.0',
    pid: 4711,
    home: '/home/me/.ccm',
    url: 'http://127.0.0.1:8765',
    startedAt: present,
    node: 'v24.0.0',
    tmux: { connected: true, version: '3.5a', generation: 'g1', socket: '/home/me/.ccm/tmux/server' },
    counts: { tasks: count('task'), agents: count('agent'), attention: world ? inboxView(world).length : 0 },
    sync: hubStatus(),
    parked: 0,
    unreadable: { count: 0, first: [] },
    heldSince: null,
    limits: { concurrency: 4 },
  });

  const foretell = (being: Being, verb: string): Said => {
    const type = Object.entries(being.kind.commands).find(([, c]) => c.verb === verb)?.[0] ?? '';
    const legal = (world?.legal(being) ?? []).some((c) => c.verb === verb);
    const edges = being.live
      .getSnapshot()
      ._nodes.flatMap((n: { id: string; transitions: Map<string, unknown[]> }) => (n.transitions.has(type) ? [`${n.id}|${type}|0`] : []));
    const told: Consequence = {
      dryRun: true,
      legal,
      becomes: verb === 'stop' || verb === 'kill' ? 'stopping' : (world?.view(being).status ?? ''),
      effects: [],
      timers: [],
      consequence: legal ? `“${verb}” is taken at once; what has been written stays in its worktree.` : 'Not possible in this state.',
      transitions: edges.slice(-1),
    };
    return ok(told);
  };
  const command = ({ body, query }: Asked, being: Being, verb: string): Said => {
    if (query.get('dry_run') === 'true') return foretell(being, verb);
    const type = Object.entries(being.kind.commands).find(([, c]) => c.verb === verb)?.[0];
    if (!type || !world?.legal(being).some((c) => c.verb === verb))
      return problem(
        409,
        'CCM_ILLEGAL_MOVE',
        'Not possible in this state',
        `It is ${world?.view(being).status}.`,
        'Use one of the commands that are legal now.',
      );
    if (story) story.clock.now = Date.now();
    world.send(being.id, { type, by: 'web', ...body });
    return ok(being.kind.kind === 'task' ? taskView(world, being) : { id: being.id });
  };

  const fork = ({ body }: Asked, source: Being): Said => {
    if (!story || !world) return missing;
    story.clock.now = Date.now();
    const before = typeof body['before'] === 'number' ? body['before'] : null;
    const title = text(body, 'prompt', `${taskView(world, source).title} (fork)`);
    const made = world.find(story.ask({ title, prompt: title, from: { task: source.id, commit: '3f9c2d1e'.repeat(5), before } }));
    return made ? ok(taskView(world, made)) : missing;
  };
  const ofTask = (asked: Asked, being: Being, what: string | undefined): Said => {
    if (!world || !story) return missing;
    const dry = asked.query.get('dry_run') === 'true';
    const branch = taskView(world, being).branch;
    if (what === 'merge')
      return dry
        ? ok(beforehand(`Merge brings ${branch} into the branch the project shop is on.`))
        : ok({ commit: '8be0f12c77', branch: 'main' });
    if (what === 'pr')
      return dry
        ? ok(beforehand(`${branch} is pushed to the remote of the project shop and a pull request opened with \`gh\`.`))
        : ok({ ...pull, branch, url: asked.body['draft'] === true ? null : pull.url, opened: asked.body['draft'] !== true });
    if (what === 'fork')
      return dry
        ? ok(beforehand('A new task starts from it, on a branch of its own. The memory of its agent is not copied.'))
        : fork(asked, being);
    if (asked.method === 'DELETE')
      return dry
        ? ok(beforehand(asked.query.get('discard') ? 'Work that is nowhere else is lost.' : 'Where work would be lost, it is kept.'))
        : ok({ removed: true, rescueRef: null, notes: [] });
    if (what === undefined) return ok(taskView(world, being));
    if (what === 'why') return ok(whyView(world, being, Date.now()));
    if (what === 'diff')
      return ok(
        being === world.find(story.names.retry)
          ? { text: diff, truncated: false, stat: { files: 2, insertions: 14, deletions: 2 } }
          : { text: '', truncated: false, stat: null },
      );
    if (what === 'log') return ok({ text: 'src/pay.ts:14 error  unexpected any\n✖ 1 problem\n', live: false });
    if (what === 'messages') {
      if (asked.method === 'POST') {
        const id = `message-${Date.now()}`;
        const agent = taskView(world, being).agent ?? '';
        const made = world.create('message', id, { by: 'web', agent, task: being.id, text: String(asked.body['text']) });
        return ok(messageView(world, made));
      }
      return ok(
        world
          .of('message')
          .map((m) => messageView(world, m))
          .filter((m) => m.task === being.id),
      );
    }
    return command(asked, being, what);
  };
  const ofActor = (asked: Asked, being: Being, what: string | undefined, seq: string | undefined): Said => {
    if (what === 'history') {
      const limit = Number(asked.query.get('limit') ?? 200);
      const before = Math.min(Number(asked.query.get('before') ?? Number.POSITIVE_INFINITY), being.seq + 1);
      const after = Number(asked.query.get('after') ?? Math.max(0, before - 1 - limit));
      // Every step is kept here: its number is its place.
      return ok(being.history.slice(after, Math.min(before - 1, after + limit)).map((h) => h.row));
    }
    if (what === 'at') {
      const i = being.history.findIndex((h) => h.row.seq === Number(seq));
      const found = being.history[i];
      const before = being.history[i - 1];
      if (!found) return missing;
      const { row, context } = found;
      const previous = before ? { seq: before.row.seq, value: before.row.value, context: before.context, status: before.row.status } : null;
      return ok({
        id: being.id,
        kind: row.kind,
        version: being.kind.version,
        seq: row.seq,
        at: row.at,
        value: row.value,
        context,
        status: row.status,
        event: row.event,
        by: row.by,
        transitions: row.transitions,
        previous,
      });
    }
    if (what === undefined && world) return ok({ id: being.id, kind: being.kind.kind, timers: world.timersOf(being) });
    return missing;
  };
  const ofSync = (asked: Asked, what: string | undefined, op: string | undefined, deed: string | undefined): Said => {
    const hub = story?.hub();
    if (what === undefined) return ok(hubStatus());
    if (what === 'enable' && story) {
      if (text(asked.body, 'code') === '') return ok({ needs: 'code', email: null, strong: false });
      story.connect();
      return ok({ needs: null, email: text(asked.body, 'email'), strong: true });
    }
    if (!hub || !world) return missing;
    if (asked.method === 'DELETE') return op !== undefined && hub.cancel(op) ? ok({ id: op, cancelled: true }) : missing;
    if (asked.method === 'GET') return what in hub.lists() ? ok(hub.lists()[what]) : missing;
    if (op !== undefined && deed !== undefined) return ok(hub.move(deed, op, asked.body));
    const said = command(asked, hub.link, what);
    return said.status === 200 ? ok(hub.status()) : said;
  };

  const newTask = ({ body }: Asked): Said => {
    if (!story || !world) return problem(400, 'CCM_BAD_INPUT', 'The request is not valid', 'There is no project.', 'Add one.');
    if (text(body, 'prompt').trim() === '')
      return problem(
        400,
        'CCM_BAD_INPUT',
        'The request is not valid',
        'prompt: must not be empty.',
        'Correct the named field and send it again.',
      );
    story.clock.now = Date.now();
    const prompt = text(body, 'prompt');
    const id = story.ask({
      title: prompt.split('\n')[0]?.slice(0, 80) ?? '',
      prompt,
      project: text(body, 'project', 'shop'),
      priority: Number(body['priority'] ?? 0),
      budget: typeof body['budget'] === 'number' ? body['budget'] : null,
    });
    const being = world.find(id);
    return being ? ok(taskView(world, being)) : missing;
  };

  return (asked: Asked): Said => {
    const [first = '', id, what, seq] = asked.path.split('/').filter(Boolean).map(decodeURIComponent);
    const head = { head: world?.journal.length ?? 0 };
    if (first === 'sync') return ofSync(asked, id, what, seq);
    if (id === undefined) {
      if (first === 'tasks' && asked.method === 'POST') return newTask(asked);
      if (first === 'demo') return newTask({ ...asked, body: { prompt: 'Show what you can' } });
      if (first === 'tasks') return ok(world?.of('task').map((t) => taskView(world, t)) ?? [], { ...head, next: null });
      if (first === 'inbox') return ok(world ? inboxView(world) : [], head);
      if (first === 'status') return ok(status());
      if (first === 'projects')
        return asked.method === 'POST'
          ? problem(
              400,
              'CCM_PATH_UNUSABLE',
              'The path cannot be used as a project',
              `There is no folder ${String(asked.body['path'])}.`,
              'Give an existing folder that this user can read and write.',
            )
          : ok(story ? projects(present) : []);
      if (first === 'profiles') return ok(profiles);
      if (first === 'journal') {
        const after = Number(asked.query.get('after') ?? 0);
        const rows = [...(world?.journal ?? [])].filter((row) => row.gseq > after).slice(0, Number(asked.query.get('limit') ?? 200));
        return ok(rows, head);
      }
      if (first === 'machines')
        return ok(
          (['task', 'agent', 'message', 'approval', 'sync-link'] as const).map((kind) => {
            const statuses = Object.entries(count(kind)).map(([word, n]) => ({ status: word, count: n }));
            return { kind, version: 1, actors: statuses.reduce((sum, one) => sum + one.count, 0), statuses };
          }),
        );
      if (first === 'tokens')
        return ok([{ id: 'k1', name: 'grafana', scopes: ['read'], agent: null, createdAt: present, expiresAt: null, lastUsedAt: null }]);
      if (first === 'verify') return ok({ checked: 214, findings: [] });
      return missing;
    }
    const being = world?.find(id);
    if (!being || !world) return missing;
    if (first === 'tasks' && being.kind.kind === 'task') return ofTask(asked, being, what);
    if (first === 'agents' && being.kind.kind === 'agent') {
      if (what === undefined) return ok(agentView(world, being, Date.now()));
      return what === 'why' ? ok(whyView(world, being, Date.now())) : command(asked, being, what);
    }
    if ((first === 'approvals' || first === 'messages') && what) return command(asked, being, what);
    if (first === 'actors' && asked.method === 'POST' && what) return command(asked, being, what);
    return first === 'actors' ? ofActor(asked, being, what, seq) : missing;
  };
};
