/** Something read from the daemon that follows what is watched: read again whenever `watch` changes. */
import { useEffect, useState } from 'preact/hooks';
import { get, type Trouble } from '../api/http.ts';
import type { Meta } from '../api/types.ts';

/** `meta`: of the answer that `data` is from. */
export type Fetched<T> = { data: T | null; trouble: Trouble | null; meta?: Meta };

/** @param path null: nothing to read. What was read last stays until the new answer is here. */
export const useFetched = <T>(path: string | null, watch: unknown): Fetched<T> => {
  const [got, setGot] = useState<Fetched<T> & { path: string | null }>({ data: null, trouble: null, path: null });
  useEffect(() => {
    let current = true;
    if (path !== null)
      void get<T>(path).then((answer) => {
        if (!current) return;
        setGot((was) =>
          answer.ok
            ? { data: answer.data, trouble: null, meta: answer.meta, path }
            : { data: was.path === path ? was.data : null, trouble: answer.trouble, path },
        );
      });
    return () => {
      current = false;
    };
  }, [path, watch]);
  return got.path === path ? got : { data: null, trouble: null };
};
