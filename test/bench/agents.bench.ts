/**
 * How quickly what an agent says is seen, and what a person decides reaches it. The first with fifty stand-ins that only call hooks, the others with
 * the real Claude Code against a stub of its model API, where it is installed (`./run campaign agents` installs it).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LiveHome } from '../support/live-daemon.ts';
import { claudeIsInstalled, claudeProgram, realClaude } from '../support/program-claude.ts';
import { programWorld } from '../support/program-world.ts';
import { until } from '../support/until.ts';
import { type Figure, median, quantile } from './measure.ts';

const AGENTS = 50;
const CALLS = 500;

/** Shows an empty prompt, leaves its token where we find it, and stays. */
const standIn = 'case $0 in --version) echo 9.9.9; exit;; esac; echo "$CCM_HOOK_TOKEN" > token; printf "❯ \\n"; exec sleep 100000';

type Seen = (actor: string) => Promise<number>;

/** The feed as the page reads it: resolves with the moment at which a step of an actor was seen. */
const readFeed = async (live: LiveHome): Promise<{ next: Seen; close: () => void }> => {
  const abort = new AbortController();
  const reply = await fetch(`${live.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${live.token()}`, accept: 'text/event-stream' },
    signal: abort.signal,
  });
  const waiting = new Map<string, (at: number) => void>();
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of reply.body ?? []) {
      const at = performance.now();
      const text = decoder.decode(chunk, { stream: true });
      for (const [actor, tell] of waiting) {
        if (!text.includes(actor)) continue;
        waiting.delete(actor);
        tell(at);
      }
    }
  };
  read().catch(() => undefined); // Closed by us.
  return { next: (actor) => new Promise((resolve) => waiting.set(actor, resolve)), close: () => abort.abort() };
};

const hookToFeed = async (): Promise<Figure[]> => {
  const profile = `[agents.claude]\ncommand = ["/bin/sh", "-c", ${JSON.stringify(standIn)}]\nenv = { ANTHROPIC_API_KEY = "sk-none" }\n`;
  const live = await LiveHome.make(`concurrency = 1000\nspacing = 0\n${profile}`);
  const folders: string[] = [];
  try {
    await live.up();
    const agents: Array<{ id: string; call: (payload: object) => Promise<unknown> }> = [];
    for (let n = 0; n < AGENTS; n += 1) {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ccm-bench-')));
      folders.push(folder);
      await live.api('POST', '/projects', { path: folder, name: `p${n}` });
      const { id } = (await live.api('POST', '/tasks', { project: `p${n}`, prompt: 'go', agent: 'claude' })).body.data as { id: string };
      const token = await until(
        'its token',
        () => {
          try {
            return readFileSync(join(folder, 'token'), 'utf8').trim() || undefined;
          } catch {
            // Not started yet.
            return undefined;
          }
        },
        60_000,
      );
      const agent = ((await live.api('GET', `/tasks/${id}`)).body.data as { agent: string }).agent;
      const call = (payload: object) =>
        fetch(`${live.url}/api/v1/hooks/claude`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ session_id: 's', transcript_path: join(folder, 'none.jsonl'), cwd: folder, ...payload }),
        }).then((reply) => reply.text());
      await call({ hook_event_name: 'SessionStart', source: 'startup' });
      await call({ hook_event_name: 'UserPromptSubmit', prompt: 'go' });
      agents.push({ id: agent, call });
    }
    const feed = await readFeed(live);
    const samples: number[] = [];
    for (let n = 0; n < CALLS; n += 1) {
      const agent = agents[n % AGENTS];
      if (!agent) break;
      const seen = feed.next(agent.id);
      const began = performance.now();
      const input = { command: `step ${n}` };
      await Promise.all([
        agent.call({ hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: input, tool_use_id: `use-${n}` }),
        seen.then((at) => samples.push(at - began)),
      ]);
    }
    feed.close();
    const note = `${CALLS} calls of ${AGENTS} agents, one after the other, heard and on disk`;
    return [
      { name: `hook → state on the feed, ${AGENTS} agents, median`, value: median(samples), unit: 'ms', note },
      { name: `hook → state on the feed, ${AGENTS} agents, p95`, value: quantile(samples, 0.95), unit: 'ms', goal: { atMost: 50 } },
    ];
  } finally {
    await live.end();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
};

const TAPS = 30;
const STARTS = 5;
/** Nobody decides sooner, here or in the program's own dialog. */
const A_LOOK_MS = 300;
/** Looks every millisecond, for a minute at most. */
const soon = async (what: string, is: () => boolean): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!is()) {
    if (performance.now() > deadline) throw new Error(`Not within a minute: ${what}`);
    await pause(1);
  }
};

const realProgram = async (): Promise<Figure[]> => {
  const w = await programWorld(realClaude);
  try {
    const [ran, asked, pressed]: [number[], number[], number[]] = [[], [], []];
    const steps = ['go', ...Array.from({ length: TAPS }, (_, n) => `do:bash touch tap-${n}`), 'do:say done'];
    const task = await w.begin(...steps);
    let before = '';
    for (let n = 0; n < TAPS; n += 1) {
      const item = await until(
        'the question',
        async () => {
          const found = await w.ask(task);
          return found.id === before ? undefined : found;
        },
        60_000,
      );
      before = item.id;
      const requests = w.stub.prompts().length;
      const { worktree } = await w.task(task.id);
      await pause(A_LOOK_MS);
      const began = performance.now();
      await w.decide(item.id, 'approve');
      await existing(join(worktree, `tap-${n}`));
      ran.push(performance.now() - began);
      await soon('the next request to the model', () => w.stub.prompts().length > requests);
      asked.push(performance.now() - began);
    }
    await w.ended(task.id);

    const dialogs = await startByHand(w.stub.url, w.repo, steps.join('\n'));
    for (let n = 0; n < TAPS; n += 1) {
      await dialogs.shows(/Do you want to proceed/u);
      await pause(A_LOOK_MS);
      const began = performance.now();
      dialogs.press('1');
      await existing(join(w.repo, `tap-${n}`));
      pressed.push(performance.now() - began);
    }

    const ours: number[] = [];
    const byHand: number[] = [];
    for (let n = 0; n < STARTS; n += 1) {
      ours.push(
        await accepted(w.stub.prompts, `ours ${n}`, () =>
          w.live.api('POST', '/tasks', { project: 'repo', prompt: `ours ${n}`, agent: 'claude' }),
        ),
      );
      byHand.push(await accepted(w.stub.prompts, `hand ${n}`, () => startByHand(w.stub.url, w.repo, `hand ${n}`)));
    }
    execFileSync('tmux', ['-S', join(w.repo, 'by-hand'), 'kill-server']);
    return [
      {
        name: 'approval tap → Claude Code goes on, median',
        value: median(ran),
        unit: 'ms',
        note: `${TAPS} of the real program, until its tool has run`,
      },
      { name: 'approval tap → Claude Code goes on, p95', value: quantile(ran, 0.95), unit: 'ms', goal: { atMost: 300 } },
      { name: 'until it asks its model again, p95', value: quantile(asked, 0.95), unit: 'ms' },
      {
        name: 'the same program by hand: `1` pressed in its dialog → its tool has run, p95',
        value: quantile(pressed, 0.95),
        unit: 'ms',
        note: 'without a hook of ours',
      },
      { name: 'new task → its prompt at the model', value: median(ours), unit: 'ms', note: `median of ${STARTS}, worktree included` },
      {
        name: 'the same program by hand in tmux',
        value: median(byHand),
        unit: 'ms',
        note: 'looked at every 50 ms, pasted, 300 ms, Enter; in turns with ours',
      },
      { name: 'new task against by hand', value: median(ours) / median(byHand), unit: '×', goal: { atMost: 1.2 } },
    ];
  } finally {
    await w.end();
  }
};

const existing = (path: string): Promise<void> => soon(path, () => existsSync(path));

const accepted = async (prompts: () => string[], words: string, begin: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await begin();
  await soon(`the model to be asked “${words}”`, () => prompts().some((prompt) => prompt.includes(words)));
  return performance.now() - began;
};

/** What a quick and careful person with a script does. */
const startByHand = async (url: string, repo: string, words: string) => {
  const tmux = (...args: string[]) => execFileSync('tmux', ['-S', join(repo, 'by-hand'), '-f', '/dev/null', ...args], { encoding: 'utf8' });
  const config = mkdtempSync(join(repo, 'config-'));
  const key = `sk-ant-dummy-${'0'.repeat(32)}`;
  const answers = {
    hasCompletedOnboarding: true,
    projects: { [repo]: { hasTrustDialogAccepted: true } },
    customApiKeyResponses: { approved: [key.slice(-20)] },
  };
  writeFileSync(join(config, '.claude.json'), JSON.stringify(answers));
  const { PATH = '' } = process.env;
  const env = [
    `PATH=${PATH}`,
    `HOME=${repo}`,
    'TERM=tmux-256color',
    'LANG=C.UTF-8',
    `CLAUDE_CONFIG_DIR=${config}`,
    `ANTHROPIC_API_KEY=${key}`,
  ];
  const more = [
    `ANTHROPIC_BASE_URL=${url}`,
    'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1',
    'CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL=1',
    'DISABLE_AUTOUPDATER=1',
  ];
  const name = (words.split('\n')[0] ?? '').replaceAll(' ', '-');
  tmux(
    'new-session',
    '-d',
    '-s',
    name,
    '-x',
    '120',
    '-y',
    '40',
    '-c',
    repo,
    'env',
    '-i',
    ...env,
    ...more,
    claudeProgram(),
    '--permission-mode',
    'manual',
  );
  const shows = (what: RegExp) =>
    until(`${what}`, async () => (await pause(40), what.test(tmux('capture-pane', '-p', '-t', name)) ? true : undefined), 60_000);
  await shows(/^❯\s*$/mu);
  tmux('set-buffer', '-b', name, words);
  tmux('paste-buffer', '-p', '-d', '-b', name, '-t', name);
  await pause(300);
  tmux('send-keys', '-t', name, 'Enter');
  return { shows, press: (key: string) => tmux('send-keys', '-t', name, key) };
};

export const benchAgents = async (): Promise<Figure[]> => {
  const figures = await hookToFeed();
  if (claudeIsInstalled()) return [...figures, ...(await realProgram())];
  process.stderr.write(
    'Claude Code is not installed here: the rows of the real program are left out (`./run campaign agents` installs it).\n',
  );
  return figures;
};
