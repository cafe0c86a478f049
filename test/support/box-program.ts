/**
 * A program with a box, played on the clock of a test: it takes what is entered, works for a moment and is done, and misbehaves with each text as
 * it is told. Its own book says what it really took.
 */
import type { TruthHouse } from './truth-house.ts';

export type Misbehaviour = {
  /** So many Enters on this text do nothing. */
  swallow?: number;
  /** An Enter within so many ms after the paste is a line end. */
  debounceMs?: number;
  /** A dialog covers the box as soon as the text is pasted, for so long; an Enter on it would end the program. */
  dialogMs?: number;
  /** Such a dialog stands there when the turn is over. */
  afterMs?: number;
  /** Nobody hears that it took the prompt; its file has it. */
  mute?: boolean;
  /** It tells so much later that it took the prompt. */
  lateMs?: number;
};

const RULE = '─'.repeat(40);
const WORKS_MS = 700;
/** A person comes and clears what was left in the box. */
const CLEARED_MS = 15_000;

export const boxProgram = (house: TruthHouse, misbehaves: (text: string) => Misbehaviour) => {
  const { terminal, clock } = house;
  const taken: string[] = [];
  let box = '';
  let pastedAt = 0;
  let swallowed = 0;
  let working: { text: string; turn: string; until: number; tellAt: number | null } | null = null;
  let coveredUntil = 0;
  let blind = 0;
  let turns = 0;

  const draw = (): void => {
    if (clock.awake() < coveredUntil) {
      terminal.screen = ' How is it going so far?\n\n ❯ Leave\n   Go on\n\n Enter to confirm · Esc to cancel';
      return;
    }
    terminal.screen = `${RULE}\n❯ ${box}\n${RULE}\n  ⏸ manual mode on · ${working ? 'esc to interrupt' : '? for shortcuts'}`;
  };
  const told = async (what: 'user-prompt-submit' | 'stop', more: Record<string, unknown>): Promise<void> => {
    const payload = { hook_event_name: what === 'stop' ? 'Stop' : 'UserPromptSubmit', session_id: 's', ...more };
    if (house.isUp()) await house.hook('claude', payload);
    // What is called over HTTP alone is lost.
    else if (what === 'stop') house.spool('claude', payload, 0);
  };
  const line = (content: object): Promise<void> =>
    house.write(
      `${JSON.stringify({ uuid: `line-${turns}-${Object.keys(content).length}`, timestamp: new Date(clock.now()).toISOString(), ...content })}\n`,
    );

  const take = (): void => {
    const text = box.trim();
    box = '';
    turns += 1;
    taken.push(text);
    const { mute, lateMs = 0 } = misbehaves(text);
    working = { text, turn: `turn-${turns}`, until: clock.awake() + WORKS_MS + lateMs, tellAt: mute ? null : clock.awake() + lateMs };
    entered.push(line({ type: 'user', origin: { kind: 'human' }, message: { role: 'user', content: text } }));
  };
  const entered: Promise<void>[] = [];

  terminal.program = {
    paste: (text) => {
      box += text;
      pastedAt = clock.awake();
      swallowed = 0;
      const { dialogMs = 0 } = misbehaves(text);
      if (dialogMs > 0) coveredUntil = clock.awake() + dialogMs;
      draw();
    },
    keys: (keys) => {
      for (const key of keys) {
        if (clock.awake() < coveredUntil) {
          if (key === 'Enter') blind += 1;
          continue;
        }
        if (key === 'C-c') box = '';
        if (key !== 'Enter' || box.trim() === '' || working) continue;
        const { swallow = 0, debounceMs = 0 } = misbehaves(box);
        if (swallowed < swallow) swallowed += 1;
        else if (clock.awake() - pastedAt < debounceMs) box += '\n';
        else take();
      }
      draw();
    },
  };
  draw();
  return {
    /** What it really took, oldest first. */
    taken,
    blind: (): number => blind,
    /** What is due by now happens. */
    async tick(): Promise<void> {
      await Promise.all(entered.splice(0));
      if (working?.tellAt != null && clock.awake() >= working.tellAt) {
        const { text, turn } = working;
        working.tellAt = null;
        await told('user-prompt-submit', { prompt: text, prompt_id: turn });
      }
      if (working && clock.awake() >= working.until) {
        const { text, turn } = working;
        const { afterMs = 0 } = misbehaves(text);
        working = null;
        if (afterMs > 0) coveredUntil = clock.awake() + afterMs;
        await line({ type: 'assistant', isSidechain: false, message: { content: [{ type: 'text', text: `answer to ${text}` }] } });
        await told('stop', { prompt_id: turn, last_assistant_message: `answer to ${text}` });
      }
      if (box !== '' && clock.awake() - pastedAt > CLEARED_MS) box = '';
      draw();
    },
  };
};
