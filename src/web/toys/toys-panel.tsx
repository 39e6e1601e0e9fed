/** Toys. */
import type { Page } from '../state/page.ts';

export function ToysPanel({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Toys'}</p>;
}
