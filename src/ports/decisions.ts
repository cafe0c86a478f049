/** What a person allows an agent in advance, and what is decided when it asks. */

/** What a person allows an agent beyond asking, in the words of its own program (`[agents.NAME.permissions]`). */
export type Permissions = {
  /** A mode of the program; null = the one that asks before it changes anything. */
  mode: string | null;
  allow: readonly string[];
  deny: readonly string[];
  /** Folders beside the working folder. */
  addDirs: readonly string[];
};

export type Decision = 'allow' | 'deny' | 'answer' | 'expire';
