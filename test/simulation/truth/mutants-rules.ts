/** The table of law 4, what the chart does with its verdicts, and the verdicts of a task, each without one of its protections. */
import { type Mutant, one } from '../sync/mutant.ts';

const evidence = 'machines/evidence.ts';
const rules = 'machines/agent/rules.ts';
const chart = 'machines/agent/conversation.ts';
const setup = 'machines/agent/setup.ts';
const process = 'machines/agent/process.ts';
const task = 'machines/task/rules.ts';

const table: readonly Mutant[] = [
  one('what agrees is weighed like any other word', evidence, "if (beliefOf[newest.fact] === beliefOf[fresh.fact]) return 'same';", ''),
  one('old news counts like new', evidence, "if (fresh.at < newest.at && trust <= worth[newest.source].trust) return 'ignore';", ''),
  one('old news is nothing, however trusted', evidence, ' && trust <= worth[newest.source].trust', ''),
  one('a weaker word overrules a stronger one', evidence, 'if (!stronger) return', 'return'),
  one('a screen that lags is a conflict', evidence, "<= lagMs ? 'ignore' : 'conflict'", "<= lagMs ? 'conflict' : 'conflict'"),
  one('a screen that goes on to disagree is none', evidence, "<= lagMs ? 'ignore' : 'conflict'", "<= lagMs ? 'ignore' : 'ignore'"),
  one('what was decided before counts as a ground', evidence, 'return held.slice(other + 1);', 'return other < -9 ? [] : held;'),
  one('a report is forgotten', evidence, 'report: { trust: 5, freshMs: forever }', 'report: { trust: 5, freshMs: 30_000 }'),
  one('a hook is forgotten', evidence, 'hook: { trust: 5, freshMs: forever }', 'hook: { trust: 5, freshMs: 30_000 }'),
  one(
    'a line of its file is forgotten',
    evidence,
    'transcript: { trust: 5, freshMs: forever }',
    'transcript: { trust: 5, freshMs: 30_000 }',
  ),
  one('our own hands count for ever', evidence, 'keys: { trust: 3, freshMs: 30_000 }', 'keys: { trust: 3, freshMs: forever }'),
  one('a screen counts for ever', evidence, 'pane: { trust: 2, freshMs: 30_000 }', 'pane: { trust: 2, freshMs: forever }'),
  one('a report is worth a screen', evidence, 'report: { trust: 5', 'report: { trust: 2'),
  one('a hook is worth a screen', evidence, 'hook: { trust: 5', 'hook: { trust: 2'),
  one('its file is worth a screen', evidence, 'transcript: { trust: 5', 'transcript: { trust: 2'),
  one('its file is worth less than a hook', evidence, 'transcript: { trust: 5', 'transcript: { trust: 4'),
  one('our own hands are worth a screen', evidence, 'keys: { trust: 3', 'keys: { trust: 2'),
  one('a screen is worth our own hands', evidence, 'pane: { trust: 2', 'pane: { trust: 3'),
  one('silence is worth a screen', evidence, 'silence: { trust: 1', 'silence: { trust: 2'),
  one(
    'a doubt is settled by what was before it',
    evidence,
    'held.filter((e) => e.at >= since)',
    'held.filter((e) => e.at >= since - 1e12)',
  ),
  one('a doubt in which nothing was seen forgets what was before', evidence, 'recent.length > 0 ? recent : held', 'recent'),
  one('a doubt is settled by the first word', evidence, 'trust >= worth[best.source]', 'trust > worth[best.source]'),
  one(
    'a doubt is settled by the last word, however weak',
    evidence,
    'if (!best || worth[e.source].trust >= worth[best.source].trust) best',
    'best',
  ),
  one('a weak sign ends a doubt at once', evidence, 'trust >= 4', 'trust >= 0'),
  one('a strong sign does not end a doubt', evidence, 'trust >= 4', 'trust >= 9'),
];

const verdicts: readonly Mutant[] = [
  one(
    'words of an earlier start count',
    rules,
    "if (!fresh || !thisLaunch({ context, event })) return 'ignore';",
    "if (!fresh) return 'ignore';",
  ),
  one('a clock that was set back silences everything', rules, 'held.at > now ? { ...held, at: now - lagMs - 1 } : held', 'held'),
  one('what was seen in time to come is a moment old', rules, 'at: now - lagMs - 1', 'at: now'),
  one(
    'a doubt is settled by what was seen in time to come',
    rules,
    'fresh ? aged(context.evidence, presentOf(event, fresh)) : context.evidence',
    'context.evidence',
  ),
  {
    // Two locks on one door.
    name: 'what the table ignores means something',
    patches: [
      { file: rules, from: 'beliefOf[fresh.fact] === belief && !ignorable(args)', to: 'beliefOf[fresh.fact] === belief' },
      { file: chart, from: "{ guard: 'ignorable' },", to: '' },
    ],
  },
  one('an end that the table ignores is an end', rules, 'args.event.fact === fact && !ignorable(args)', 'args.event.fact === fact'),
  one('what was seen is not kept', rules, 'fresh ? [...context.evidence, fresh]', 'fresh === undefined ? [...context.evidence, fresh]'),
  one('a conflict is believed', chart, "{ guard: 'conflicts', target: '.detecting', actions: 'noteDoubt' },", ''),
  one(
    'the end of a turn that another follows ends the task',
    chart,
    "{ guard: and(['saysEnd', 'hasQueued']), target: '.ready', actions: 'noteTurn' },",
    '',
  ),
  one('words after the end of a program are not told', chart, "{ guard: and(['over', 'saysDone']), actions: [...done] },", ''),
  one('a failure after the end of a program is not told', chart, "{ guard: and(['over', 'saysFailed']), actions: [...failed] },", ''),
  one('a word after its end revives a program', chart, "{ guard: 'over', actions: 'note' },", ''),
  one('a question after its end revives a program', chart, "ASKED: { guard: 'over' },", ''),
  one('a screen that says nothing is ready when its time is over', chart, "{ guard: 'watchesScreen', target: 'detecting' },", ''),
  one('a message that was not taken raises no doubt', chart, "MESSAGE_FAILED: { target: 'detecting', actions: 'doubtTyping' },", ''),
  one('another question than the one that was decided is over, too', chart, "{ guard: 'othersAsk', actions: 'closeAsk' },", ''),
  one(
    'a question that was withdrawn makes it busy',
    setup,
    'context.asks.length === 1 && context.asks[0]?.approval === event.approval',
    'true',
  ),
  one(
    'questions stay open after their turn',
    chart,
    "entry: ['finishTurn', 'withdrawAsks', tellState('ready')]",
    "entry: ['finishTurn', tellState('ready')]",
  ),
  one('questions stay open after their program', chart, "entry: ['hangUp', 'withdrawAsks']", "entry: ['hangUp']"),
  one('a weak sign is heard in a doubt', chart, "on: { OBSERVED: { guard: 'isWeak', actions: 'note' } },", ''),
  one('no look in a doubt', chart, "entry: [probe, tellState('detecting')]", "entry: [tellState('detecting')]"),
  one('a doubt never settles on work', chart, "{ guard: 'settlesBusy', target: 'busy' },", ''),
  one('a doubt never settles on rest', chart, "{ guard: 'settlesReady', target: 'ready' },", ''),
  one('a doubt never settles on a limit', chart, "{ guard: 'settlesLimited', target: 'limited' },", ''),
  one('a doubt never settles on an interruption', chart, "{ guard: 'settlesInterrupted', target: 'interrupted' },", ''),
  one('a doubt never settles on a permission', chart, "{ guard: 'settlesApproval', target: 'needsApproval' },", ''),
  one(
    'a doubt in which nothing tells is rest',
    chart,
    "// Nothing tells: a person looks.\n          { target: 'needsAnswer' }",
    "{ target: 'ready' }",
  ),
  one(
    'what raised a doubt does not count in it',
    setup,
    'Math.min(timeOf(event, context), rules.seen(event)?.at ?? Number.POSITIVE_INFINITY)',
    'timeOf(event, context)',
  ),
  one(
    'what was typed and not taken counts on',
    setup,
    "filter(({ fact, source }) => source !== 'keys' || fact !== 'busy')",
    'filter(() => true)',
  ),
  one('the limit that is over counts on', setup, 'Math.max(timeOf(event, context), context.limitedUntil ?? 0)', '0'),
  one('a limit counts as waited for at once', rules, 'return Math.max(again, limitedUntil - now);', 'return again;'),
  one(
    'a prompt that is shown before the turn answers its message',
    setup,
    'if (context.current === context.given && !rules.turnSeen(context)) return;',
    '',
  ),
  one('a doubt settles too late', setup, 'settleTime: 3_000', 'settleTime: 30_000'),
  one('a doubt settles before anything was seen', setup, 'settleTime: 3_000', 'settleTime: 0'),
];

const ends: readonly Mutant[] = [
  one('an end of an earlier start ends this one', process, "const exited = { guard: 'thisLaunch', target", 'const exited = { target'),
  one(
    'a window that is gone ends it at once',
    process,
    "PROCESS_GONE: { guard: 'thisLaunch', target: 'lost', actions: 'keepExit' },",
    'PROCESS_GONE: exited,',
  ),
  one(
    'an unknown status is success',
    task,
    "return unknown || code === 0 ? 'interrupted' : 'failed';",
    "return unknown ? 'succeeded' : 'failed';",
  ),
  one(
    'a program that left in its turn has finished',
    task,
    "return unknown || code === 0 ? 'interrupted' : 'failed';",
    "return unknown ? 'interrupted' : code === 0 ? 'succeeded' : 'failed';",
  ),
  one('a status outranks what it said', task, "if (said !== null) return said === 'done' ? 'succeeded' : 'failed';", ''),
  one('an unknown status of a oneshot is its end', task, "profile.mode === 'oneshot' && !unknown", "profile.mode === 'oneshot'"),
  one(
    'a later exit overrules the verdict',
    task,
    'context.verdict ?? verdictOfExit(context, event.exit)',
    'verdictOfExit(context, event.exit)',
  ),
  one(
    'a report that comes after the loss is not heard',
    'machines/task/endings.ts',
    "AGENT_DONE: { guard: 'wasLost', target: 'finishing', actions: ['keepWord', 'judgeWord'] },",
    '',
  ),
  one(
    'a failure that comes after the loss is not heard',
    'machines/task/endings.ts',
    "AGENT_FAILED: { guard: 'wasLost', target: 'finishing', actions: ['keepWord', 'judgeWord'] },",
    '',
  ),
];

export const ruleMutants: readonly Mutant[] = [...table, ...verdicts, ...ends];
