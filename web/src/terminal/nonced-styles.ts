/**
 * xterm writes style elements, which our content policy takes only with the page's nonce. It makes one of them with the global document,
 * so that its `documentOverride` option is not enough: while `work` runs, every style element made gets the nonce.
 */
export const withNoncedStyles = (work: () => void): void => {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  const create = document.createElement.bind(document);
  const nonced = (tag: string, options?: ElementCreationOptions): HTMLElement => {
    const element = create(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  Object.defineProperty(document, 'createElement', { configurable: true, value: nonced });
  try {
    work();
  } finally {
    // The prototype's own method is found again.
    Reflect.deleteProperty(document, 'createElement');
  }
};
