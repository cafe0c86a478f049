/**
 * xterm draws with style elements and style attributes; our content policy takes the first only with the page's nonce and the second not
 * at all. Its `documentOverride` option does not reach all of it, so the two ways are opened here.
 */

/** A style attribute set on a span (24-bit colours come that way) is set through the DOM instead, which the policy allows. Same effect. */
const stylesThroughDom = (): void => {
  const prototype = HTMLSpanElement.prototype;
  if (Object.hasOwn(prototype, 'setAttribute')) return;
  prototype.setAttribute = function (this: HTMLSpanElement, name: string, value: string): void {
    if (name === 'style') this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };
};

/** While `work` runs, every style element made gets the nonce. */
export const underPolicy = (work: () => void): void => {
  stylesThroughDom();
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
