// Stands in for antd's `Dom/dynamicCSS` and for `cssUtils` of its icons (see vite-csp-styles.ts): the same functions over
// constructed style sheets, so that the page lives under `style-src 'self'`. The `<style>` element that callers get back is never attached.

interface Options {
  attachTo?: unknown;
  mark?: string;
  prepend?: boolean | "queue";
  priority?: number;
}

interface Kept {
  node: HTMLStyleElement;
  sheet: CSSStyleSheet;
  rank: number;
}

const kept = new Map<string, Kept>();
const anonymous: Kept[] = [];

/** Sheets that ask to be first come first, then by priority, then in the order of their making. */
function rankOf(options: Options): number {
  return (options.prepend ? -1_000_000 : 0) + (options.priority ?? 0);
}

function show(): void {
  const all = [...kept.values(), ...anonymous].toSorted((a, b) => a.rank - b.rank);
  document.adoptedStyleSheets = all.map((each) => each.sheet);
}

function make(css: string, options: Options): Kept {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const node = document.createElement("style");
  node.textContent = css;
  return { node, sheet, rank: rankOf(options) };
}

export function clearContainerCache(): void {
  kept.clear();
  anonymous.length = 0;
  show();
}

export function injectCSS(css: string, options: Options = {}): HTMLStyleElement {
  const made = make(css, options);
  anonymous.push(made);
  show();
  return made.node;
}

export function removeCSS(key: string): void {
  if (kept.delete(key)) show();
}

export function updateCSS(css: string, key: string, options: Options = {}): HTMLStyleElement {
  const present = kept.get(key);
  if (present) {
    if (present.node.textContent !== css) {
      present.node.textContent = css;
      present.sheet.replaceSync(css);
    }
    return present.node;
  }
  const made = make(css, options);
  kept.set(key, made);
  show();
  return made.node;
}

/** No part of the console lives in a shadow tree. */
export function getShadowRoot(): null {
  return null;
}

/** A wrong icon is found by the compiler; there is nobody to warn at run time. */
export function warningOnce(): void {}
