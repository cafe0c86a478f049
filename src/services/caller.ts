/** Who gives a command (`cli`, `web`, `api:grafana`), and the key under which a repeat of the request is the same request. */
export type Caller = {
  by: string;
  /** Unique per request and the same for its repeats; null when the client sent no Idempotency-Key. */
  requestId: string | null;
};
