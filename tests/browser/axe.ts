import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wcag = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

interface Found {
  id: string;
  nodes: { target: string[]; any: { data?: { messageKey?: string } | null }[] }[];
}
interface Axe {
  run(within: string, options: object): Promise<{ violations: Found[]; incomplete: Found[] }>;
}

/**
 * Brings axe into every page that is opened here from now on. As a script of the browser's own it costs a quarter of what
 * evaluating it does, and the site's policy, which lets in no script from elsewhere, has nothing against it.
 */
export const bringAxe = (page: Page) => page.addInitScript({ content: source });

/**
 * What stands in anybody's way on the page as it is now, by WCAG 2.2 AA, in light and dark; where it was looked at in both a
 * moment ago, and said something since, in its own colours only. `screen` is what the faults are told of; `within` a
 * selector, where the rest of the page is known already.
 */
export async function faultsOf(page: Page, screen: string, within = 'html', { isKnown = false } = {}) {
  await page.evaluate(unstick);
  const faults = await run(page, within, wcag);
  if (isKnown) return faults.map((fault) => `${screen}: ${fault}`);
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  faults.push(...(await run(page, within, colours)).map((fault) => `${fault}, in the other colours`));
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  return faults.map((fault) => `${screen}: ${fault}`);
}

async function run(page: Page, within: string, runOnly: object): Promise<string[]> {
  const { violations, incomplete } = await page.evaluate(
    ([selector, options]) => (globalThis as unknown as { axe: Axe }).axe.run(selector, options),
    [within, { runOnly, resultTypes: ['violations', 'incomplete'] }] as const,
  );
  // Letters in the colour of their ground are no fault to axe: they might be meant to be hidden. Here none are.
  const invisible = incomplete
    .filter(({ id }) => id === 'color-contrast')
    .map((found) => ({
      id: 'no contrast at all',
      nodes: found.nodes.filter(({ any }) => any.some(({ data }) => data?.messageKey === 'equalRatio')),
    }));
  return [...violations, ...invisible]
    .filter(({ nodes }) => nodes.length > 0)
    .map(
      ({ id, nodes }) =>
        `${id} at ${nodes
          .slice(0, 3)
          .map(({ target }) => target.join(' '))
          .join(', ')}`,
    );
}

/** A button that is scrolled half under what sticks to the edge would count as too small. */
function unstick() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.window-actions { position: static !important }');
  document.adoptedStyleSheets = [sheet];
}
