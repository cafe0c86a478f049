/** A title of a text: its beginning, at most `max` UTF-16 units, and no half of a character that takes two of them. */
export const titleOf = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '');
