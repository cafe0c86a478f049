/** Text, keys and bytes on their way into a pane. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/system.ts';
import type { ControlClient } from './client.ts';
import { quote } from './quote.ts';
import { done, gone, lost, outputs } from './reply.ts';

/**
 * Text that cannot end its own bracketed paste or press keys: every control character but line end and tab goes, so no escape
 * sequence is left; CR and CR LF are line ends. The 8-bit controls (U+0080 to U+009F) include one that also starts a sequence.
 */
export const pasteable = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?![\t\n])\p{Cc}/gu, '');

/**
 * Commands that put something into a pane, run by the server only while a program lives there: `paste-buffer` into a dead pane
 * kills tmux 3.3a with every agent in it. A mode (a person scrolls) is left first, as it would swallow the keys.
 */
const into = (client: ControlClient | null, pane: string, commands: string[]): Promise<Result<void>> => {
  if (client === null) return Promise.resolve(lost());
  const body = [`copy-mode -q -t ${pane}`, ...commands].join(' ; ');
  const line = `display-message -p -t ${pane} '#{pane_dead}' ; if-shell -F -t ${pane} '#{pane_dead}' {} { ${body} }`;
  return client.sendBody(line, (reply) => {
    const result = outputs(reply, pane);
    if (!result.ok) return result;
    return result.value[0]?.body.toString('latin1') === '0\n' ? ok(undefined) : gone(pane);
  });
};

/** Names as tmux knows them (`Enter`, `C-c`, `M-x`, `F5`), or one printable character. */
const keyName =
  /^(?:[CMS]-)*(?:[\x21-\x7e]|Enter|Escape|Space|Tab|BTab|BSpace|DC|IC|Up|Down|Left|Right|Home|End|PageUp|PageDown|PPage|NPage|F(?:[1-9]|1[0-2]))$/;

export const isKeyName = (name: string): boolean => keyName.test(name);

export const sendKeys = (client: ControlClient | null, pane: string, keys: readonly string[]): Promise<Result<void>> => {
  const unknown = keys.find((key) => !isKeyName(key));
  if (unknown !== undefined)
    return Promise.resolve(fail('CCM_BAD_INPUT', `There is no key named ${JSON.stringify(unknown)}.`, { field: 'keys' }));
  return into(client, pane, keys.length === 0 ? [] : [`send-keys -t ${pane} -- ${keys.map(quote).join(' ')}`]);
};

export const sendBytes = (client: ControlClient | null, pane: string, bytes: Uint8Array): Promise<Result<void>> => {
  const hex = [...bytes].map((byte) => byte.toString(16)).join(' ');
  return into(client, pane, hex === '' ? [] : [`send-keys -H -t ${pane} ${hex}`]);
};

export type Paster = (
  pane: string,
  text: string,
  options: { submit: boolean; settleMs: number; bracketed?: true },
) => Promise<Result<void>>;

/** Pastes of one pane take turns, Enter included: two prompts at once would become one. */
export const inTurns = (paste: Paster): Paster => {
  const turns = new Map<string, Promise<unknown>>();
  return async (pane, text, options) => {
    const turn = (turns.get(pane) ?? Promise.resolve()).then(() => paste(pane, text, options));
    turns.set(pane, turn);
    const result = await turn;
    if (turns.get(pane) === turn) turns.delete(pane);
    return result;
  };
};

/** The most one paste may hold: beyond it no program reads a prompt, and tmux's memory is everybody's. Bytes. */
const LONGEST_PASTE = 8 * 1024 * 1024;

/** The text travels on the control connection, so it is never in a file or an argv (`docs/decisions/0005-tmux-over-one-control-channel.md`). */
export const paster = (client: () => ControlClient | null, clock: Clock): Paster => {
  let count = 0;

  const pasteNow: Paster = async (pane, text, { submit, settleMs, bracketed }) => {
    const clean = pasteable(text);
    if (Buffer.byteLength(clean) > LONGEST_PASTE) return fail('CCM_TOO_LARGE', `A paste holds ${LONGEST_PASTE} bytes at most.`);
    if (clean !== '') {
      count += 1;
      const buffer = `ccm-${process.pid}-${count}`;
      const pasted = await into(client(), pane, [
        `set-buffer -b ${buffer} -- ${quote(bracketed ? `\x1b[200~${clean}\x1b[201~` : clean)}`,
        // With -p the server puts the brackets, once the program has asked for them.
        `paste-buffer ${bracketed ? '' : '-p '}-d -b ${buffer} -t ${pane}`,
      ]);
      if (!pasted.ok) return pasted;
    }
    if (!submit) return ok(undefined);
    if (settleMs > 0) await new Promise<void>((resolve) => clock.after(settleMs, resolve));
    return sendKeys(client(), pane, ['Enter']);
  };

  return inTurns(pasteNow);
};

export const killWindow = async (client: ControlClient | null, pane: string): Promise<Result<void>> => {
  if (client === null) return lost();
  const result = await client.send([`kill-window -t ${pane}`], (reply) => done(reply, pane));
  return !result.ok && result.problem.code === 'CCM_PANE_GONE' ? ok(undefined) : result;
};
