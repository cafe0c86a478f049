/** State values by actor, as the newest step told them. Whoever looks at one actor hears of that one alone. */
import { type Signal, signal } from '@preact/signals';

const known = new Map<string, Signal<unknown>>();

const signalOf = (actor: string): Signal<unknown> => {
  const found = known.get(actor) ?? signal<unknown>(undefined);
  known.set(actor, found);
  return found;
};

/** Undefined until a step of it was heard. Subscribes the caller. */
export const valueOf = (actor: string): unknown => signalOf(actor).value;

/** States are compared as JSON: most steps leave an actor where it is. */
export const setValue = (actor: string, value: unknown): void => {
  const place = signalOf(actor);
  if (JSON.stringify(place.peek()) !== JSON.stringify(value)) place.value = value;
};
