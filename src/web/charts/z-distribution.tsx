/** Distribution of Z. */
import type { Page } from '../state/page.ts';

export function ZDistribution({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Distribution of Z'}</p>;
}
