/** State values by actor, as the newest step told them. Whoever looks at one actor hears of that one alone. */
import { type Signal, signal } from '@preact/signals';

/** `text`: the value as JSON, by which values are compared; most steps leave an actor where it is. */
type Place = { text: string | undefined; value: Signal<unknown> };
const known = new Map<string, Place>();

const placeOf = (actor: string): Place => {
  const found = known.get(actor) ?? { text: undefined, value: signal<unknown>(undefined) };
  known.set(actor, found);
  return found;
};

/** Undefined until a step of it was heard. Subscribes the caller. */
export const valueOf = (actor: string): unknown => placeOf(actor).value.value;

export const setValue = (actor: string, value: unknown): void => {
  const place = placeOf(actor);
  const text = JSON.stringify(value);
  if (text === place.text) return;
  place.text = text;
  place.value.value = value;
};
