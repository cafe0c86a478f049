/** Ids that programs made themselves for conversations of ours. They outlive every agent: whoever continues a conversation asks for it by that id. */
import { z } from 'zod';
import type { KeyValue } from '../../ports/records.ts';

export const conversationNames = (memory: KeyValue) => ({
  of: (conversation: string): string | null => z.string().safeParse(memory.get(`named/${conversation}`)).data ?? null,
  note(conversation: string, name: string): void {
    if (memory.get(`named/${conversation}`) !== name) memory.set(`named/${conversation}`, name);
  },
});
export type ConversationNames = ReturnType<typeof conversationNames>;
