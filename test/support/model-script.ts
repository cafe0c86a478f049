/**
 * The language of the stand-ins for model APIs: the prompt is the script. Every line that begins with `do:` is one step, and the answer after n
 * steps plays step n+1; after the last one it says so. Without steps it echoes.
 *
 * `do:say TEXT` · `do:bash COMMAND` · `do:write PATH TEXT` · `do:ask QUESTION` (Alpha or Beta) · `do:slow MS TEXT` (word by word) ·
 * `do:agent PROMPT` (a subagent, `;` for line breaks) · `do:error STATUS TYPE` · `do:cut` (the connection breaks) · `do:hang` (silence for ever)
 */
export type Step =
  | { do: 'say'; text: string; paceMs: number }
  | { do: 'bash'; command: string }
  | { do: 'write'; path: string; text: string }
  | { do: 'ask'; question: string }
  | { do: 'agent'; prompt: string }
  | { do: 'error'; status: number; type: string }
  | { do: 'cut' }
  | { do: 'hang' };

export type ModelStub = {
  url: string;
  /** Prompts that a turn was asked for, oldest first; retries count. */
  prompts: () => string[];
  /** What the model was told last of its tools. */
  lastResults: () => string;
  /** Everything that the last turn was asked with: instructions, memories, tools, the talk. JSON text, empty where no model is asked. */
  told: () => string;
  /** Whom else callers wanted to reach whose proxy it is, `host:port`. */
  others: () => string[];
  close: () => Promise<void>;
};

/** What is played after `played` answers to this prompt. */
export const stepOf = (prompt: string, played: number): Step => {
  const steps = prompt.split('\n').flatMap((line) => /^\s*do:(.*)$/u.exec(line)?.[1] ?? []);
  return steps.length > 0 ? read(steps[played] ?? 'say all steps done') : { do: 'say', text: `echo: ${prompt.slice(0, 200)}`, paceMs: 0 };
};

const split = (text: string): [string, string] => {
  const [, first = '', rest = ''] = /^(\S+)\s*(.*)$/su.exec(text) ?? [];
  return [first, rest];
};

const read = (step: string): Step => {
  const [verb, rest] = split(step);
  const [first, others] = split(rest);
  switch (verb) {
    case 'bash':
      return { do: 'bash', command: rest };
    case 'write':
      return { do: 'write', path: first, text: `${others}\n` };
    case 'ask':
      return { do: 'ask', question: rest };
    case 'agent':
      return { do: 'agent', prompt: rest.replaceAll(';', '\n') };
    case 'slow':
      return { do: 'say', text: others, paceMs: Number(first) };
    case 'error':
      return { do: 'error', status: Number(first), type: others };
    case 'cut':
    case 'hang':
      return { do: verb };
    default:
      return { do: 'say', text: rest, paceMs: 0 };
  }
};
