/** A plane of windows against both of its axes; windows along one axis: their p0 and limits. */
import { signal, useSignal, type Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ScanResult } from '../../model/result.ts';
import { isPlane } from '../../model/windows-of-table.ts';
import { hasValues } from '../../report/figures.ts';
import { labelText } from '../../report/svg/label.ts';
import { Panel } from '../components/panel.tsx';
import { isSpectrumResult } from '../engine/api.ts';
import type { Page } from '../state/page.ts';
import { centre, type View } from './chart-model.ts';
import { Chart } from './chart.tsx';
import { BandsChoice, Check, Choose, ResetZoom, type Choice } from './controls.tsx';
import { hasClosedBands } from './limit-layers.ts';
import { limitChoices, type LimitChoice } from './limit-choices.ts';
import { MassCharts } from './mass-charts.tsx';
import { pageCursor } from './page-cursor.ts';
import { bestRows, largestZ, projectedLimits, slicedAxis, type PlaneAxis } from './projection-model.ts';
import { placeWords, rowWords } from './words.ts';

export function Projections({ page }: { readonly page: Page }) {
  const result = page.scanned.value?.result;
  const windows = result !== undefined && !isSpectrumResult(result) ? result : undefined;
  const groups = useMemo(() => windows && p0GroupsOf(windows), [windows]);
  if (windows === undefined) return null;
  if (isPlane(windows.table)) return <PlaneProjections page={page} result={windows} />;
  return <MassCharts page={page} result={windows} column="x" methods={groups!} noun="window" />;
}

/** Runs of version 0.1 name one method in the summary only. */
function p0GroupsOf({ p0Groups, summary }: ScanResult) {
  return p0Groups ?? [{ method: summary.p0Method, suffix: '' }];
}

interface ZChoice extends Choice {
  /** Of Z. */
  readonly column: string;
}

type Quantity = ZChoice | LimitChoice;

function quantitiesOf(result: ScanResult): Quantity[] {
  const significances = p0GroupsOf(result)
    .map(({ method, suffix }) => ({ name: `z${suffix}`, words: `largest local Z (${method})`, column: `z${suffix}` }))
    .filter(({ column }) => hasValues(result.table, column));
  return [...significances, ...limitChoices(result)];
}

function PlaneProjections({ page, result }: { readonly page: Page; readonly result: ScanResult }) {
  const quantities = useMemo(() => quantitiesOf(result), [result]);
  const views = useMemo(() => ({ x: signal<View | undefined>(undefined), y: signal<View | undefined>(undefined) }), [result]); // prettier-ignore
  const wanted = useSignal('');
  const isLogY = useSignal(true);
  const quantity = quantities.find(({ name }) => name === wanted.value) ?? quantities[0];
  if (quantity === undefined) return null;
  const { blindWindows } = result.summary;
  return (
    <Panel
      title="Projections"
      controls={
        <div class="chart-controls">
          <Choose
            label="quantity"
            choices={quantities}
            chosen={quantity.name}
            onChoose={(name) => (wanted.value = name)}
          />
          {'columns' in quantity && (
            <>
              <Check label="log limit" checked={isLogY.value} onChange={(on) => (isLogY.value = on)} />
              <BandsChoice />
            </>
          )}
        </div>
      }
    >
      {blindWindows > 0 && <p class="muted">{blindWindows} blind windows: only what is expected of them is drawn.</p>}
      {(['x', 'y'] as const).map((axis) => (
        <Projection key={axis} {...{ page, result, axis, quantity, view: views[axis], isLogY: isLogY.value }} />
      ))}
    </Panel>
  );
}

interface ProjectionProps {
  readonly page: Page;
  readonly result: ScanResult;
  readonly axis: PlaneAxis;
  readonly quantity: Quantity;
  readonly view: Signal<View | undefined>;
  readonly isLogY: boolean;
}

function Projection({ page, result, axis, quantity, view, isLogY }: ProjectionProps) {
  const { table, labels } = result;
  const sliced = useMemo(() => slicedAxis(table, axis), [table, axis]);
  const ofAxis = labels[axis] ?? labels.x;
  const model = useMemo(() => {
    const look = { quantity: ofAxis, view: view.value };
    if ('column' in quantity) return largestZ(table, sliced, quantity.column, look);
    return projectedLimits(table, sliced, axis, quantity.columns, { ...look, title: quantity.title, isLogY });
  }, [table, sliced, axis, quantity, ofAxis, view.value, isLogY]);
  const cursor = useMemo(() => {
    const rows = windowsToPoint(table, sliced, quantity);
    return pageCursor(page, {
      stops: sliced.slices.map(centre),
      rowAt: (stop) => rows[stop],
      stopOf: (row) => sliced.sliceOf[row],
      words: (stop) => {
        const row = rows[stop];
        return `${placeWords(model, stop)}${row === undefined ? '' : `; ${rowWords(table, row, 'window')}`}`;
      },
    });
  }, [page, table, sliced, quantity, model]);
  return (
    <Chart
      name={`${quantity.words} against ${labelText(ofAxis.label)}`}
      model={model}
      cursor={cursor}
      full={sliced.full}
      onZoom={(part) => (view.value = part)}
      height={190}
      hasLegend={axis === 'y'}
    >
      <p class="muted">
        {table.rowCount} windows in {sliced.slices.length} bins of their centres; a bin points at its{' '}
        {'column' in quantity ? 'most significant window' : 'best limit'}.{' '}
        {hasClosedBands(model) && 'Few events: a band closes where its counts are equal. '}
        <ResetZoom view={view} />
      </p>
    </Chart>
  );
}

/** The window that stands for each bin: the most significant one, or the one with the best limit, observed where it may be. */
function windowsToPoint(
  table: ScanResult['table'],
  sliced: ReturnType<typeof slicedAxis>,
  quantity: Quantity,
): (number | undefined)[] {
  if ('column' in quantity) return bestRows(sliced, table, quantity.column, 'largest');
  const { observed, expected } = quantity.columns;
  const [seen, foreseen] = [observed, expected['0']!].map((column) => bestRows(sliced, table, column, 'smallest'));
  return seen.map((row, slice) => row ?? foreseen[slice]);
}
