/** Spectrum, fit and pulls. */
import type { Page } from '../state/page.ts';

export function SpectrumView({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Spectrum, fit and pulls'}</p>;
}
