import { syncVerb } from './sync.ts';

export const run = syncVerb('logout');
