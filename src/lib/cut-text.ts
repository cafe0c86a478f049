/** Text for people, cut to a length in UTF-16 units: never in the middle of a character that takes two of them. */

const high = /[\uD800-\uDBFF]$/;
const low = /^[\uDC00-\uDFFF]/;

/** Its beginning. */
export const firstOf = (text: string, max: number): string => (text.length <= max ? text : text.slice(0, max).replace(high, ''));

/** Its end. `max` above 0. */
export const lastOf = (text: string, max: number): string => (text.length <= max ? text : text.slice(-max).replace(low, ''));

/** What was cut elsewhere, without a half character at its end. */
export const unbroken = (text: string): string => text.replace(high, '');
