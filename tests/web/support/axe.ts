/** The page as axe-core sees it. */
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds, one line per place. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // as text: the name `axe` is that of the page, not the one imported here
  const found = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`);
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary}`),
  );
}
