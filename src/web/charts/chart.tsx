/** A chart as a figure: what its axes are, the plot, what is under the cursor in words, the legend, its numbers as a table. */
import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { withUnit } from '../../report/svg/label.ts';
import { RootLabel } from '../components/root-label.tsx';
import { zoomed } from './axis.ts';
import type { ChartModel, View } from './chart-model.ts';
import './chart.css';
import { DataTwin } from './data-twin.tsx';
import { Legend } from './legend.tsx';
import { keyAction, KEYS_TEXT, type ChartCursor } from './stops.ts';
import { HEIGHT, usePlot, type PlotProps } from './use-plot.ts';

export interface ChartProps extends PlotProps {
  /** "local p0 against the mass". */
  readonly name: string;
  /** All of the x axis. */
  readonly full: View;
  /** Its x axis, legend and numbers are those of the chart below, whose `upper` it is. */
  readonly isUpper?: boolean;
  readonly upper?: { readonly name: string; readonly model: ChartModel };
  /** Without it where a chart beside it has the same. */
  readonly hasLegend?: boolean;
  /** Below the legend: what the picture says, remarks. */
  readonly children?: ComponentChildren;
}

export function Chart(props: ChartProps) {
  const { name, model, cursor, height = HEIGHT, isUpper = false, upper, hasLegend = true, children } = props;
  /** Stop under the pointer. */
  const pointed = useSignal<number | undefined>(undefined);
  const host = usePlot(props, pointed);
  const latest = useRef(props);
  latest.current = props;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { stops, pinned, hovered, pin } = cursor;
    const at = pinned.peek() ?? hovered.peek();
    const action = keyAction(event.key, at, stops.length);
    if (action === undefined) return;
    event.preventDefault();
    if (action.do === 'move') pin(action.to);
    else if (action.do === 'unpin') pin(undefined);
    else {
      const { model: now, full, onZoom } = latest.current;
      const [low, high] = now.x.domain;
      onZoom(zoomed(now.x, full, at === undefined ? 0.5 * (low + high) : stops[at], action.factor));
    }
  };

  return (
    <figure class={upper === undefined ? 'chart' : 'chart joined'}>
      <div class="chart-title">
        <RootLabel label={withUnit(model.y)} />
      </div>
      <Readout cursor={cursor} pointed={pointed} />
      <Slider name={name} cursor={cursor} pointed={pointed} host={host} height={height} onKeyDown={onKeyDown} />
      {!isUpper && (
        <>
          <div class="chart-x">
            <RootLabel label={withUnit(model.x)} />
          </div>
          <figcaption>
            {hasLegend && <Legend models={upper === undefined ? [model] : [upper.model, model]} />}
            {children}
          </figcaption>
          {upper && <DataTwin {...upper} showsName />}
          <DataTwin name={name} model={model} showsName={upper !== undefined} />
        </>
      )}
    </figure>
  );
}

interface CursorProps {
  readonly cursor: ChartCursor;
  readonly pointed: ReadonlySignal<number | undefined>;
}

/** The stop that is pointed at here, or anywhere, or pinned. */
function shownStop({ cursor, pointed }: CursorProps): number | undefined {
  return pointed.value ?? cursor.hovered.value ?? cursor.pinned.value;
}

function Readout(props: CursorProps) {
  const stop = shownStop(props);
  return <div class="chart-readout number">{stop === undefined ? '' : props.cursor.words(stop)}</div>;
}

function Slider({
  name,
  host,
  height,
  onKeyDown,
  ...of
}: CursorProps & {
  readonly name: string;
  readonly host: { current: HTMLDivElement | null };
  readonly height: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}) {
  const stop = shownStop(of);
  const { stops, words } = of.cursor;
  return (
    <div
      ref={host}
      class="chart-plot"
      style={{ height: `${height}px` }}
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-description={KEYS_TEXT}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, stops.length - 1)}
      aria-valuenow={stop ?? 0}
      aria-valuetext={stop === undefined ? 'nothing chosen' : words(stop)}
      onKeyDown={onKeyDown}
    />
  );
}
