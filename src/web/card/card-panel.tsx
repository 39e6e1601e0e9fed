/** Card. */
import type { Page } from '../state/page.ts';

export function CardPanel({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Card'}</p>;
}
