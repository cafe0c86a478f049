/** Streams that are open now, so that a shutdown can end them and a revoked token loses them. */
export type OpenStream = { token: string; end: (reason: 'stopping' | 'revoked' | 'slow') => void };

export const openStreams = (most: number) => {
  const streams = new Set<OpenStream>();
  return {
    /** False when there are too many. */
    add: (stream: OpenStream): boolean => {
      if (streams.size >= most) return false;
      streams.add(stream);
      return true;
    },
    remove: (stream: OpenStream): void => void streams.delete(stream),
    /** Ends what was opened with a token that is no longer valid. */
    sweep: (valid: (token: string) => boolean): void => {
      for (const stream of streams) if (!valid(stream.token)) stream.end('revoked');
    },
    endAll: (): void => {
      for (const stream of streams) stream.end('stopping');
    },
    size: (): number => streams.size,
  };
};
export type OpenStreams = ReturnType<typeof openStreams>;
