/** Projections. */
import type { Page } from '../state/page.ts';

export function Projections({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Projections'}</p>;
}
