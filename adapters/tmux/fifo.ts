/**
 * First in, first out, at the same cost for one waiting and for ten thousand (an array's `shift` moves all that follow). What was taken out is
 * let go at once, though its place is cleared away later: the answers of a thousand questions would stay in memory.
 */
export type Fifo<T> = { push: (item: T) => void; peek: () => T | undefined; shift: () => T | undefined };

export const fifo = <T>(): Fifo<T> => {
  let items: Array<T | undefined> = [];
  let head = 0;
  return {
    push: (item) => void items.push(item),
    peek: () => items[head],
    shift: () => {
      const item = items[head];
      if (head < items.length) {
        items[head] = undefined;
        head += 1;
      }
      if (head > 1000 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
};
