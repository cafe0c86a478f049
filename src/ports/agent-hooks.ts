/** What an agent program says of itself while it runs, through its hooks and the file in which it keeps the conversation. Pure, like all of a driver. */
import type { Decision, Permissions } from './decisions.ts';

/** What one request to a model took. A program that only knows totals tells the difference to the last time, under an id of its own. */
export type Usage = {
  /** The program's own name of the request: told again it counts once, and what it tells then can only be more. */
  id: string;
  /** As the program calls it; null when it does not say. */
  model: string | null;
  /** Tokens sent that came from no cache. */
  input: number;
  /** Tokens made, thinking included. */
  output: number;
  /** Tokens read from and written to the provider's cache; 0 where there is none. */
  cacheRead: number;
  cacheWrite: number;
  /** Millionths of a dollar, where the program itself tells what it cost; else null. Never an estimate. */
  costMicroUsd: number | null;
};

/** One thing that was said. */
export type Sign =
  /** It takes prompts. */
  | { type: 'ready'; detail: string }
  /** It took a prompt, from us or from anybody; `text` as far as it tells it. */
  | { type: 'prompted'; text: string }
  /** A turn makes progress: a tool and its target. `call` says what is done, `use` is the program's own id of this doing of it. */
  | { type: 'working'; detail: string; call: string; use: string | null }
  /**
   * A person is asked about a call. `typed`: the program shows its dialog only after the hook was answered, so that the hook is not held and the
   * decision is typed; else the dialog is there while the hook waits.
   */
  | {
      type: 'asked';
      call: string;
      kind: 'approval' | 'question';
      text: string;
      tool: string | null;
      choices: readonly string[];
      /** The command, file or address itself, whole and with no word around it: what the policy is held against. Absent: `text`. */
      subject?: string;
      typed?: true;
    }
  /** A call goes on or is over: whatever was asked about it is decided. Known by its `use`, else by what it does. */
  | { type: 'wentOn'; call: string | null; use: string | null }
  /** Whatever was asked about this doing of a call is decided; nothing is said about what the agent does now, so it is never too old to count. */
  | { type: 'decided'; use: string }
  /** Words of the program to the person: the last ones are the summary of a turn whose end tells none. */
  | { type: 'said'; text: string }
  /** The turn is over. `more`: something of it goes on in the background and another turn will follow by itself. */
  | { type: 'turnEnded'; summary: string | null; more: boolean }
  /** Something that works beside the conversation, under the program's own id: the turn is not over before it is. `again`: it had ended before. */
  | { type: 'helper'; id: string; runs: boolean; again?: true }
  /** Something that worked beside it has ended, and keeps what it used in a file of its own. */
  | { type: 'helperFile'; path: string }
  | { type: 'failed'; detail: string }
  /** `until`: when the limit ends, ms since 1970, where it is known. */
  | { type: 'limited'; detail: string; until: number | null }
  | { type: 'interrupted'; detail: string }
  /** A request to a model was paid for. Says nothing about what the agent does now. */
  | { type: 'used'; usage: Usage }
  /** The file in which the conversation is kept from now on; what it holds already is of earlier starts. `name`: the program's own id for it. */
  | { type: 'keptIn'; path: string; name?: string };

export type Heard = {
  /** Names this call of the hook: heard twice (two transports, a spool) it counts once. Null: it cannot be told apart. */
  id: string | null;
  signs: readonly Sign[];
  /** JSON body of the reply, unless a sign is `asked` and not `typed`: then the reply is held until somebody decides. */
  reply: unknown;
};

export interface Listening {
  /** One call of a hook. An unknown one says nothing. `now`: ms since 1970, to resolve times of day. */
  hear(payload: Readonly<Record<string, unknown>>, permissions: Permissions, now: number): Heard;
  /** The reply that carries a decision to a held hook; null decision: nobody decided here, it is decided elsewhere. */
  answer(payload: Readonly<Record<string, unknown>>, decision: Decision | null, text: string | null): unknown;
  /** True when no hook can carry a decision, not even one that a rule made: all are typed into the dialog that is seen. */
  answersTyped?: true;
  /** True when its hooks call every end of a turn the same: the conversation's file, read to its end, tells failures and interruptions. */
  endsInFile?: true;
  /** One line of the conversation's file. `at`: when it was written, ms since 1970; null for a line that says nothing. */
  readLine(line: string): { id: string; at: number; signs: readonly Sign[] } | null;
  /** The same for the file of a subagent, where its lines differ: what it used. */
  readHelperLine?(line: string): ReturnType<Listening['readLine']>;
  /**
   * Where the conversation's file is to be looked for: a name's ending, in any folder below. `named`: the program's own id for it, once told.
   * `begun`: what the file holds once there is something to continue; absent: it is not there before.
   */
  keptAt(memory: string, conversation: string, named: string | null): { below: string; endsWith: string; begun?: RegExp };
  /** For programs that make ids of their own: the id in the path of that file, to continue under. Absent: they take ours. */
  nameIn?(path: string): string | null;
  /** The same where the program uses the person's own configuration, below their home folder. */
  keptOwn?(own: string, memory: string, conversation: string, named: string | null): { below: string; endsWith: string; begun?: RegExp };
}
