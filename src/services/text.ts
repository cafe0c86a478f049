/**
 * Text that people and scripts send to agents. Kept byte for byte but for what would act on a terminal instead of being read: escape
 * sequences and control characters other than tab and newline are taken out, and the person is told. NUL means that something binary was
 * sent by mistake: refused. Marks of writing direction stay, right-to-left languages need them.
 */
import { stripVTControlCharacters } from 'node:util';
import { maxTextBytes } from '../api/contract/task.ts';
import { fail, ok, type Result } from '../errors.ts';

export type CleanText = { text: string /** What was changed, for the person; null when nothing was. */; note: string | null };

export const cleanText = (raw: string, field: 'prompt' | 'text'): Result<CleanText> => {
  if (raw.includes('\0')) return fail('CCM_BAD_INPUT', `The ${field} contains a NUL character: that is not text.`, { field });
  const bytes = Buffer.byteLength(raw, 'utf8');
  if (bytes > maxTextBytes)
    return fail('CCM_TOO_LARGE', `The ${field} has ${bytes} bytes; at most ${maxTextBytes} are possible.`, { field });
  const lines = raw.toWellFormed().replaceAll(/\r\n?/g, '\n');
  const text = stripVTControlCharacters(lines).replaceAll(/[^\P{Cc}\n\t]/gu, '');
  if (text.trim() === '') return fail('CCM_BAD_INPUT', `The ${field} is empty.`, { field });
  const gone = lines.length - text.length;
  return ok({ text, note: gone > 0 ? `${gone} control characters were taken out of the ${field}.` : null });
};
