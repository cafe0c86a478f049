import { signal } from '@preact/signals';

/** The dialog that connects a hub, or signs in to the one that is known, is open. */
export const hubOpen = signal<'connect' | 'sign-in' | null>(null);
