/** What is seen of Claude Code: weak evidence, for when its hooks are silent. Patterns of the shipped program, 2.1.330. */
import type { Profile } from '../../../machines/effects.ts';
import type { Question, Reading, Screen } from '../../../src/ports/agents.ts';
import { readPatterns } from '../patterns.ts';
import { showsCommand, showsFile, showsPicture } from '../shown.ts';

/** Below this many lines from the end stands the conversation, where a model may write whatever it likes. */
const FOOT = 14;

/** They stand at the very end: above it are words of the conversation. */
const dialog = /❯ \d\. [\s\S]*\n\s*Esc to cancel[^\n]*\s*$/u;
const question = /\n\s*Enter to select · .*Esc to cancel\s*$/u;
const working = /esc to interrupt/u;
const interrupted = /⎿\s+Interrupted · What should Claude do instead\?/u;
/** Before the first prompt of a folder the box may hold an example. */
const idle = /^❯\s*(?:Try ".*)?$/mu;

/** A question before the conversation begins (may this folder be trusted, this key be used): lines, one of them marked, and no numbers. */
const menuEnd = /\n((?:[ ]+(?:❯ | {2})\S.*\n)+)\s*\n[ ]*Enter to confirm · Esc to cancel\s*$/u;

export type Menu = { choices: string[]; marked: number };

export const readMenu = (text: string): Menu | null => {
  const lines = (menuEnd.exec(text)?.[1] ?? '').split('\n').filter((line) => line.trim() !== '');
  const marked = lines.findIndex((line) => line.trim().startsWith('❯'));
  return marked === -1 ? null : { choices: lines.map((line) => line.replace('❯', ' ').trim()), marked };
};

/** From its last rule on, a dialog names what it is about. One that we read from the screen ourselves is known by its picture. */
export const showsQuestion = ({ text }: Screen, { kind, tool = null, text: asked = '' }: Question): boolean => {
  if (tool === null) return !dialog.test(asked) || showsPicture(text, asked);
  if (kind === 'question') return true;
  const shown = text.slice(Math.max(0, text.search(/^─{20,}(?![\s\S]*^─{20,})/mu)));
  if (tool === 'Bash') return showsCommand(shown, asked);
  return /^(?:Write|Edit|MultiEdit|NotebookEdit)$/u.test(tool) ? showsFile(shown, asked) : true;
};

const rule = /^─{20,}/u;

/** What stands in its box, between the two last rules; empty for the example of an empty box. */
const inBox = (lines: readonly string[]): string => {
  const rules = lines.flatMap((line, index) => (rule.test(line) ? [index] : []));
  const [top = 0, bottom = 0] = rules.slice(-2);
  const box = lines.slice(top + 1, bottom).join('\n');
  return box.startsWith('❯') && !idle.test(box) ? box.slice(1).trim() : '';
};

/** Its own status line stands below the box; what stands above it may be words of an answer. */
const below = (lines: readonly string[]): string => {
  const last = lines.findLastIndex((line) => rule.test(line));
  return lines.slice(last === -1 ? -FOOT : last).join('\n');
};

export const readScreen = (profile: Profile, screen: Screen): Reading | null => {
  const lines = screen.text.trimEnd().split('\n');
  const foot = lines.slice(-FOOT).join('\n');
  const menu = readMenu(screen.text);
  if (menu) return { fact: 'asking', detail: 'a question is on its screen', choices: menu.choices };
  if (question.test(foot)) return { fact: 'asking', detail: 'a question with choices is on its screen' };
  if (dialog.test(foot)) return { fact: 'approval', detail: 'a permission dialog is on its screen' };
  if (working.test(below(lines))) return { fact: 'busy', detail: 'its screen says “esc to interrupt”' };
  if (inBox(lines) !== '') return { fact: 'interrupted', detail: 'text that was not sent stands in its box', unsent: true };
  if (interrupted.test(foot)) return { fact: 'interrupted', detail: 'its screen says “Interrupted”' };
  if (idle.test(foot)) return { fact: 'ready', detail: 'an empty prompt is on its screen' };
  return readPatterns({ ...profile, ready: null }, screen);
};
