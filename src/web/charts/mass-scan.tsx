/** p0 and limits of fits over the mass. */
import { useMemo } from 'preact/hooks';
import { isSpectrumResult } from '../engine/api.ts';
import type { Page } from '../state/page.ts';
import { MassCharts } from './mass-charts.tsx';

export function MassScan({ page }: { readonly page: Page }) {
  const result = page.scanned.value?.result;
  const fits = result !== undefined && isSpectrumResult(result) ? result : undefined;
  const methods = useMemo(() => [{ method: fits?.p0Method ?? '', suffix: '' }], [fits]);
  return fits && <MassCharts page={page} result={fits} column="mass" methods={methods} noun="hypothesis" />;
}
