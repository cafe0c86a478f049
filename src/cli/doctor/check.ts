/** One thing that the doctor looked at. */
export type Check = {
  name: string;
  /** `odd`: works, but a person should know. `broken`: agents cannot be run like this. */
  state: 'fine' | 'odd' | 'broken';
  /** What was found, one sentence. */
  says: string;
  /** What to do about it. */
  next?: string;
};

export const fine = (name: string, says: string): Check => ({ name, state: 'fine', says });
export const odd = (name: string, says: string, next: string): Check => ({ name, state: 'odd', says, next });
export const broken = (name: string, says: string, next: string): Check => ({ name, state: 'broken', says, next });
