/** What is made of screens, hooks, conversation files and ends before the table weighs it, each without one of its protections. */
import { type Mutant, one } from '../sync/mutant.ts';

const watch = 'src/supervisor/observe/screen-watch.ts';
const turn = 'src/supervisor/listen/turn-end.ts';
const signs = 'src/supervisor/listen/signs.ts';
const files = 'src/supervisor/listen/conversation-files.ts';
const listener = 'src/supervisor/listen/listener.ts';
const endings = 'src/supervisor/observe/endings.ts';
const exits = 'src/supervisor/exit-files.ts';
const reconcile = 'src/supervisor/observe/reconcile.ts';
const terminal = 'src/supervisor/observe/terminal-events.ts';

const screens: readonly Mutant[] = [
  one(
    'text that a person writes is an interruption',
    watch,
    "seen?.unsent && (facts.status !== 'busy' || isOnItsWay(agent)) ? null : seen",
    'seen',
  ),
  {
    // Two locks on one door, here and below.
    name: 'our own text on its way is an interruption',
    patches: [
      { file: watch, from: "facts.status !== 'busy' || isOnItsWay(agent)", to: "facts.status !== 'busy'" },
      { file: watch, from: ' || isEnding(agent) || isOnItsWay(agent)', to: ' || isEnding(agent)' },
    ],
  },
  one(
    'text in its box of a program at rest is an interruption',
    watch,
    "(facts.status !== 'busy' || isOnItsWay(agent))",
    'isOnItsWay(agent)',
  ),
  one('a dialog that is gone still asks', watch, 'if (!asking || (hooked && openAsks(facts.id) > 1)) await withdraw(item);', ''),
  one(
    'a dialog that a hook told of is asked about twice',
    watch,
    'if (hooked && asking && !isUntold(facts, item, now)) return undefined;',
    '',
  ),
  one('a dialog is asked about before its hook can be there', watch, 'awake - dialogSince >= UNTOLD_MS', 'true'),
  one('a dialog that was decided a moment ago is asked about again', watch, ' && !drawn', ''),
  {
    name: 'a dialog whose hook waits for a person is asked about again',
    patches: [
      { file: watch, from: 'openAsks(id) === 0 && dialogSince', to: 'dialogSince' },
      { file: watch, from: "if (hooked && facts.status === 'needsApproval') return undefined;", to: '' },
    ],
  },
  one('a screen without its dialog answers the hook', watch, "if (hooked && facts.status === 'needsApproval') return undefined;", ''),
  one(
    'an idle screen is an end although its hook is on its way',
    watch,
    'if (left > 0 || isEnding(agent) || isOnItsWay(agent)) return undefined;',
    '',
  ),
  one('an end that is about to be believed does not keep a screen from telling', watch, ' || isEnding(agent)', ''),
  one('a decision of before the clock was set back was made a moment ago', watch, 'decided >= 0 && ', ''),
  one('how long it is idle is never counted', watch, 'item.readingSince = now;', ''),
  one(
    'silence tells although the profile has patterns',
    watch,
    'if (facts.profile.ready !== null || facts.profile.busy !== null) return;',
    '',
  ),
  one('a moment of silence is rest', watch, "facts.status === 'booting' ? SILENT_BOOT_MS : SILENT_BUSY_MS", '0'),
  one('a screen that moves is silent', watch, 'item.changedAt = now;', ''),
  one('what a screen says is told once and never again', watch, ' && awake - item.toldAt < REPEAT_MS', ''),
  one('a changed title is no reason to look', watch, "if (looked.has(actors.state(agent)?.status ?? '')) lookSoon(agent);", ''),
];

const hooks: readonly Mutant[] = [
  one('an end of a turn is an end at once', turn, 'hook: 1_000, transcript: 4_000', 'hook: 0, transcript: 0'),
  one('its file does not give the hook time', turn, 'transcript: 4_000', 'transcript: 0'),
  one(
    'an end that its file contradicts is success',
    turn,
    'listening?.endsInFile ? await doubtIn(agent, ending) : null',
    'listening?.endsInFile && await doubtIn(agent, ending) === 0 ? "" : null',
  ),
  one(
    'an end in a file that cannot be read is success',
    turn,
    "if (!(await readOn(agent))) return 'its turn ended, and its file does not tell how';",
    'await readOn(agent);',
  ),
  one('an end whose file is gone is success', files, ' && existsSync(path)', ''),
  one(
    'an end without a word is success',
    turn,
    "summary === null ? 'its turn ended without a word: whether the work is done is for a person to say' : null",
    'summary === "" ? "" : null',
  ),
  one('an end goes on although its file told another', turn, 'if (book.session(agent).ending !== ending) return;', ''),
  one(
    'what is told late takes back the end',
    turn,
    'return ending !== null && ending.at <= clock.now() && at < ending.at;',
    'return false;',
  ),
  one(
    'a turn that goes on ends all the same',
    turn,
    'cancel(agent: string): void {\n      stopTimer(agent);\n      book.change(agent, { ending: null });',
    'cancel(agent: string): void {\n      book.note(agent, {});',
  ),
  one(
    'an end that settled while we were away is not told',
    turn,
    'if (clock.now() - ending.at >= SETTLE_MS[ending.source]) await tell(agent);',
    'if (ending === null) await tell(agent);',
  ),
  one('an end that was settling is forgotten by a restart', listener, 'await ends.takeUp(agent);', ''),
  one(
    'a start of its session ends its turn',
    signs,
    "if (facts.status !== 'busy') await observe(facts, index, 'ready', sign.detail);",
    "await observe(facts, index, 'ready', sign.detail);",
  ),
  one('a prompt that is told late begins a turn', signs, 'if (ends.isBefore(agent, origin.at)) {', 'if (origin.at < 0) {'),
  one(
    'a prompt does not take back the end before it',
    signs,
    'ends.cancel(agent);\n          book.change(agent, { open: true, openedAt',
    'book.change(agent, { open: true, openedAt',
  ),
  one(
    'a tool that is told late takes back the end',
    signs,
    'if (isLate(facts) || ends.isBefore(agent, origin.at)) break;\n          ends.cancel(agent);\n          remember',
    'ends.cancel(agent);\n          remember',
  ),
  one(
    'a tool that an interruption cut off is a sign of life',
    signs,
    "status === 'interrupted' && !book.session(id).open",
    "status === 'never' && !book.session(id).open",
  ),
  one(
    'a tool beside it answers a question',
    signs,
    "if (pending(agent).length === 0) await observe(facts, index, 'progress', sign.detail);",
    "await observe(facts, index, 'progress', sign.detail);",
  ),
  one('whatever goes on answers every question', signs, 'await withdraw(agent, isAbout(sign));', 'await withdraw(agent, all);'),
  one('what goes on answers no question', signs, 'await withdraw(agent, isAbout(sign));', ''),
  one(
    'what goes on late takes back the end',
    signs,
    'if (isLate(facts) || ends.isBefore(agent, origin.at)) break;\n          ends.cancel(agent);\n          if',
    'ends.cancel(agent);\n          if',
  ),
  one('a question does not take back an end', signs, "case 'asked': {\n          ends.cancel(agent);", "case 'asked': {"),
  one('work in the background is no work', signs, 'if (sign.more || hasHelpers(agent)) {', 'if (sign.type === "ready" as string) {'),
  one('a helper that works is no work', signs, 'if (sign.more || hasHelpers(agent)) {', 'if (sign.more) {'),
  one('what a hook says of the background is not heard', signs, 'if (sign.more || hasHelpers(agent)) {', 'if (hasHelpers(agent)) {'),
  one('a helper begins after its end', signs, 'if (sign.runs && Object.hasOwn(helpers, sign.id) && !sign.again) break;', ''),
  one('the last helper does not end the turn', signs, 'if (book.session(agent).background && !hasHelpers(agent))', 'if (origin.at < 0)'),
  one('an end of another turn ends this one', signs, 'if (isForeign(facts, origin.at)) break;', ''),
  one('an end of before this turn ends it', signs, '(begun <= clock.now() && at < begun) || ', ''),
  one('an end before a clock was set back is none', signs, '(begun <= clock.now() && at < begun)', 'at < begun'),
  one('an end of a turn that ended otherwise ends it again', signs, ' || (listeningOf(facts)?.endsInFile === true && !open)', ''),
  one('questions outlive the turn that ended', signs, 'await withdraw(agent, all);\n          ends.ended', 'ends.ended'),
  one('a failure does not take back an end', signs, "case 'interrupted':\n          ends.cancel(agent);", "case 'interrupted':"),
  one('a turn that broke off stays open', signs, 'book.change(agent, { open: false, background: false, helpers: {} });', ''),
  one('questions outlive the turn that broke off', signs, 'await withdraw(agent, all);\n          await observe', 'await observe'),
  one('what was seen in time to come counts as that', signs, 'observedAt: Math.min(origin.at, now)', 'observedAt: origin.at'),
  {
    // Two locks on one door.
    name: 'a hook of time to come is one',
    patches: [
      { file: listener, from: 'at: Math.min(at ?? now, now)', to: 'at: at ?? now' },
      { file: signs, from: 'observedAt: Math.min(origin.at, now)', to: 'observedAt: origin.at' },
    ],
  },
  one('a program that ended is not heard out', listener, 'await files.catchUp(agent);\n      await ends.now(agent);', ''),
  one(
    'its file is not read to its end when it ended',
    listener,
    'await files.catchUp(agent);\n      await ends.now(agent);',
    'await ends.now(agent);',
  ),
  one(
    'its file is not read after an absence',
    listener,
    'if (agentFacts(actors.state(agent))?.exit === null) await files.catchUp(agent);',
    '',
  ),
  one(
    'a report of time to come silences everything until then',
    'src/supervisor/reports.ts',
    'const observedAt = Math.min(at ?? now, now);',
    'const observedAt = at ?? now;',
  ),
];

const conversations: readonly Mutant[] = [
  one('a line of before the clock was set back is old', files, 'than <= clock.now() && at < than', 'at < than'),
  one('lines of earlier starts are news', files, ' || isOlder(line.at, book.session(agent).since)', ''),
  one(
    'what a hook told is news in its file',
    files,
    'const known = heardAt <= clock.now() && line.at <= heardAt;',
    'const known = heardAt < 0;',
  ),
  one('a clock that was set back makes its file deaf', files, 'heardAt <= clock.now() && line.at <= heardAt', 'line.at <= heardAt'),
  one('a failure that a hook overtook is not heard', files, ' || (listening.endsInFile === true && decides.has(type))', ''),
  one('a failure of another turn is one of this', files, 'return open && !isOlder(at, openedAt);', 'return at > 0;'),
  one('an end in its file ends a turn that is over', files, 'return open && !background && ending === null;', 'return at > 0;'),
  one(
    'an end in its file ends work in the background',
    files,
    'return open && !background && ending === null;',
    'return open && ending === null;',
  ),
  one('a prompt in its file after an end is not heard', files, ' || (ending !== null && at > ending.at)', ''),
];

const lastThings: readonly Mutant[] = [
  one('a window that is gone does not wait for its status', endings, 'const GRACE_MS = 1_500;', 'const GRACE_MS = -1;'),
  one('a lost terminal is heard before the last words', terminal, 'await leaving(facts.id);\n', ''),
  one('an end is heard before the last words', terminal, 'await leaving(of.agent);\n', ''),
  one(
    'an end that is found is told before the last words',
    endings,
    'async exited(of, pane, seen) {\n    await leaving(of.agent);\n',
    'async exited(of, pane, seen) {\n',
  ),
  one(
    'a loss that is found is told before the last words',
    endings,
    'async gone(of, detail) {\n    await leaving(of.agent);\n',
    'async gone(of, detail) {\n',
  ),
  one('the status of a wrapper is not asked for', endings, 'combine(await readExit(where, of), seen)', 'combine(null, seen)'),
  one('a pane outranks the wrapper', exits, 'if (file) return', 'if (file && pane === null) return'),
  one(
    'the death of a wrapper is that of its program',
    exits,
    'return { code: pane?.signal == null ? (pane?.code ?? null) : null, signal: null };',
    'return { code: pane?.code ?? null, signal: pane?.signal ?? null };',
  ),
  one('a window that is dead is adopted', reconcile, 'if (pane?.dead || (await readExit(where, of)) !== null)', 'if (pane === undefined)'),
  one(
    'a window that is gone is not noticed',
    reconcile,
    'else if (panes !== null && facts.pane !== null)',
    'else if (panes === null && facts.pane !== null)',
  ),
  one('a start that is due counts as gone', reconcile, 'panes !== null && facts.pane !== null', 'panes !== null'),
  one(
    'a spool is not emptied first',
    reconcile,
    'const spooled = await hearSpool();',
    'const spooled = 0; if (panes0()) await hearSpool(); function panes0() { return false; }',
  ),
  one('conversations are not read before ends are told', reconcile, 'await catchUp();', ''),
];

export const eyeMutants: readonly Mutant[] = [...screens, ...hooks, ...conversations, ...lastThings];
