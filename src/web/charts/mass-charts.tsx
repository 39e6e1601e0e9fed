/** Local p0 and limits against the mass, above each other over one axis: of fits, and of windows along one axis. */
import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { numbersOf, type P0Group } from '../../model/result.ts';
import { hasValues } from '../../report/figures.ts';
import { Panel } from '../components/panel.tsx';
import type { AnyScanResult } from '../engine/api.ts';
import type { Page } from '../state/page.ts';
import type { ChartModel, View } from './chart-model.ts';
import { Chart } from './chart.tsx';
import { BandsChoice, Check, Choose, ResetZoom, type Choice } from './controls.tsx';
import { limitChoices } from './limit-choices.ts';
import { limitModel, massRows, p0Model, signalModel, type MassRows } from './mass-model.ts';
import { pageCursor } from './page-cursor.ts';
import { placeWords, rowWords } from './words.ts';

export interface MassChartsProps {
  readonly page: Page;
  readonly result: AnyScanResult;
  readonly column: 'mass' | 'x';
  readonly methods: readonly P0Group[];
  readonly noun: 'window' | 'hypothesis';
}

const P0: Choice = { name: 'p0', words: 'local p0' };
const SIGNAL: Choice = { name: 'signal', words: 'fitted signal over its error' };

export function MassCharts({ page, result, column, methods, noun }: MassChartsProps) {
  const { table, labels } = result;
  const along = useMemo(() => massRows(table, column), [table, column]);
  // another result is looked at from the start
  const [view, isLogX] = useMemo(() => [signal<View | undefined>(undefined), signal(along.prefersLog)], [along]);
  const isLogY = useSignal(true);
  const [wantedUpper, wantedLower] = [useSignal(P0.name), useSignal('')];
  const uppers = useMemo(
    () => [
      ...(hasValues(table, 'ln_p0') ? [P0] : []),
      ...(column === 'mass' && hasValues(table, 's_err') ? [SIGNAL] : []),
    ],
    [table, column],
  );
  const limits = useMemo(() => limitChoices(result), [result]);
  const upper = uppers.find(({ name }) => name === wantedUpper.value) ?? uppers[0];
  const lower = limits.find(({ name }) => name === wantedLower.value) ?? limits[0];
  const look = useMemo(
    () => ({ quantity: labels.x, view: view.value, isLogX: isLogX.value }),
    [labels, view.value, isLogX.value],
  );
  const upperModel = useMemo(() => {
    if (upper === undefined) return undefined;
    return upper === SIGNAL ? signalModel(table, along, look) : p0Model(table, along, methods, look);
  }, [table, along, methods, look, upper]);
  const lowerModel = useMemo(() => {
    if (lower === undefined) return undefined;
    return limitModel(table, along, lower.columns, { ...look, title: lower.title, isLogY: isLogY.value });
  }, [table, along, look, lower, isLogY.value]);
  const plural = noun === 'window' ? 'windows' : 'hypotheses';
  const common = { page, result, along, noun, onZoom: (part: View | undefined) => (view.value = part) };
  return (
    <Panel
      title="p0 and limits"
      controls={
        <div class="chart-controls">
          {uppers.length > 1 && (
            <Choose
              label="upper chart"
              choices={uppers}
              chosen={upper.name}
              onChoose={(name) => (wantedUpper.value = name)}
            />
          )}
          {along.full[0] > 0 && (
            <Check label="log mass" checked={isLogX.value} onChange={(on) => (isLogX.value = on)} />
          )}
          <ResetZoom view={view} />
        </div>
      }
    >
      {upperModel === undefined ? (
        <p class="muted">No p0: all {plural} are blind or have no result.</p>
      ) : (
        <MassChart {...common} name={upper.words} model={upperModel}>
          <p class="muted">
            {table.rowCount} {plural}, each with its local p0: the best of many is seldom as significant as it looks.
          </p>
        </MassChart>
      )}
      {lowerModel !== undefined && (
        <>
          <div class="chart-controls">
            <Choose
              label="limit"
              choices={limits}
              chosen={lower.name}
              onChoose={(name) => (wantedLower.value = name)}
            />
            <Check label="log limit" checked={isLogY.value} onChange={(on) => (isLogY.value = on)} />
            <BandsChoice />
          </div>
          <MassChart {...common} name={lower.words} model={lowerModel} />
        </>
      )}
    </Panel>
  );
}

interface MassChartProps extends Pick<MassChartsProps, 'page' | 'result' | 'noun'> {
  readonly along: MassRows;
  readonly name: string;
  readonly model: ChartModel;
  readonly onZoom: (view: View | undefined) => void;
  readonly children?: ComponentChildren;
}

function MassChart({ page, result: { table }, noun, along, name, model, onZoom, children }: MassChartProps) {
  const cursor = useMemo(() => {
    const mass = numbersOf(table, along.column);
    const stopOf = new Map(along.rows.map((row, stop) => [row, stop]));
    return pageCursor(page, {
      stops: along.rows.map((row) => mass[row]),
      rowAt: (stop) => along.rows[stop],
      stopOf: (row) => stopOf.get(row),
      words: (stop) => `${placeWords(model, stop)}; ${rowWords(table, along.rows[stop], noun)}`,
    });
  }, [page, table, along, model, noun]);
  return (
    <Chart name={`${name} against the mass`} model={model} cursor={cursor} full={along.full} onZoom={onZoom}>
      {children}
    </Chart>
  );
}
