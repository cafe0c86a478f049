/** The recording that is looked at; null while there is a daemon. */
import { signal } from '@preact/signals';
import type { Recording } from '../api/types.ts';

export const recorded = signal<Recording | null>(null);
