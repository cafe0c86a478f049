/** Puts a prompt into a command line without letting it become an option, and without breaking the system's limits. */
import { join } from 'node:path';
import type { LaunchPlan, LaunchRequest } from '../../src/ports/agents.ts';

/** Bytes: Linux takes 128 KiB for one argument, terminals' start commands less. Longer prompts go through a file. */
const LONGEST_ARGUMENT = 64 * 1024;

export const promptFile = (request: LaunchRequest): string => join(request.folder, 'prompt.txt');

/**
 * Fills `{prompt}`, `{prompt_file}` and `{conversation}`. A word that is nothing but the placeholder of an absent prompt is left out.
 * Without `{prompt}` in it, a command whose profile takes the prompt as an argument gets it as its last word.
 */
export const fillCommand = (command: readonly string[], request: LaunchRequest): Pick<LaunchPlan, 'files'> & { words: string[] } => {
  const { prompt, profile } = request;
  const file = promptFile(request);
  const long = prompt !== null && Buffer.byteLength(prompt) > LONGEST_ARGUMENT;
  const shown = long ? `Your task is in the file ${file}. Read all of it, then carry it out.` : prompt;
  const named = (mark: string) => command.some((word) => word.includes(mark));
  const template = profile.prompt === 'argument' && !named('{prompt}') && !named('{prompt_file}') ? [...command, '{prompt}'] : command;

  const words: string[] = [];
  for (const word of template) {
    if (prompt === null && (word === '{prompt}' || word === '{prompt_file}')) continue;
    // A prompt that begins with a dash would be read as an option: a blank before it changes nothing for a reader.
    const guarded = word === '{prompt}' && shown?.startsWith('-') && !words.includes('--') ? ` ${shown}` : shown;
    words.push(
      word.replaceAll(/\{(prompt|prompt_file|conversation)\}/gu, (_, name: string) =>
        name === 'prompt' ? (guarded ?? '') : name === 'prompt_file' ? file : request.conversation,
      ),
    );
  }
  const byFile = named('{prompt_file}') || (long && template.some((word) => word.includes('{prompt}')));
  return { words, files: prompt !== null && byFile ? [{ path: file, content: prompt }] : [] };
};
