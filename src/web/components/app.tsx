/** The page as a whole: card and data at the side, the result beside them. */
import { CardPanel } from '../card/card-panel.tsx';
import { MassScan } from '../charts/mass-scan.tsx';
import { Projections } from '../charts/projections.tsx';
import { SpectrumView } from '../charts/spectrum-view.tsx';
import { ZDistribution } from '../charts/z-distribution.tsx';
import { DataPanel } from '../data/data-panel.tsx';
import { DetailPanel } from '../detail/detail-panel.tsx';
import { isSpectrumResult } from '../engine/api.ts';
import { ExportMenu } from '../export/export-menu.tsx';
import { MapView } from '../map/map-view.tsx';
import type { Page } from '../state/page.ts';
import { TableView } from '../table/table-view.tsx';
import { ToysPanel } from '../toys/toys-panel.tsx';
import { Header } from './header.tsx';
import { Notices } from './notices.tsx';

export function App({ page }: { readonly page: Page }) {
  const result = page.scanned.value?.result;
  return (
    <>
      <Header page={page} />
      <main class="page">
        <div class="side">
          <DataPanel page={page} />
          <CardPanel page={page} />
          <ExportMenu page={page} />
        </div>
        <div class="results">
          <Notices page={page} />
          {result !== undefined && (isSpectrumResult(result) ? <OfSpectra page={page} /> : <OfWindows page={page} />)}
        </div>
      </main>
    </>
  );
}

function OfWindows({ page }: { readonly page: Page }) {
  return (
    <>
      <div class="row">
        <div class="column">
          <MapView page={page} />
          <Projections page={page} />
        </div>
        <div class="column">
          <DetailPanel page={page} />
          <ZDistribution page={page} />
          <ToysPanel page={page} />
        </div>
      </div>
      <TableView page={page} />
    </>
  );
}

function OfSpectra({ page }: { readonly page: Page }) {
  return (
    <>
      <div class="row">
        <div class="column">
          <SpectrumView page={page} />
          <MassScan page={page} />
        </div>
        <div class="column">
          <DetailPanel page={page} />
          <ToysPanel page={page} />
        </div>
      </div>
      <TableView page={page} />
    </>
  );
}
