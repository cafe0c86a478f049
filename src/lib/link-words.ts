/** Why the link is away, as the end of a sentence. Keys are the reasons of its chart. */
export const linkReasonWords: Readonly<Record<string, string>> = {
  networkLost: 'the network does not reach the hub',
  portal: 'a sign-in page or another site answers in its place',
  authExpired: 'the session ran out and could not be renewed yet',
  hubPaused: 'the project is paused: wake it in its dashboard',
  throttled: 'the hub asked to wait',
  hubDown: 'the hub has trouble of its own',
  schemaMismatch: 'the hub does not have the tables this version needs',
};
