/** All windows or hypotheses as a table: sorted, filtered, with the columns one wants; linked with the other views. */
import { Panel } from '../components/panel.tsx';
import type { Page } from '../state/page.ts';
import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ColumnChooser } from './column-chooser.tsx';
import { Grid } from './grid.tsx';
import { RowFilters } from './row-filters.tsx';
import './table.css';
import { TableModel } from './table-model.ts';

export function TableView({ page }: { readonly page: Page }) {
  const model = useMemo(() => new TableModel(computed(() => page.scanned.value?.result)), [page]);
  if (page.scanned.value === undefined) return null;
  const title = `Table of ${model.noun}`;
  return (
    <Panel title={title} controls={<ColumnChooser model={model} />}>
      <RowFilters model={model} />
      <Grid page={page} model={model} title={title} />
    </Panel>
  );
}
