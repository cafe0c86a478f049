/** A shipped line that protects, and the test that must notice when it is gone. `from` stands exactly once in its file. */
export type Protection = {
  /** How its row in docs/security.md begins. */
  row: string;
  what: string;
  /** Paths inside the tree. */
  file: string;
  from: string;
  to: string;
  test: string;
  /** Part of the test's name. */
  only?: string;
};
