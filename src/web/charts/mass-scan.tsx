/** p0 and limits over the mass. */
import type { Page } from '../state/page.ts';

export function MassScan({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'p0 and limits over the mass'}</p>;
}
