/** A chart as a figure: what its axes are, the plot, what is under the cursor in words, the legend, its numbers as a table. */
import { effect, useSignal, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { labelText, withUnit } from '../../report/svg/label.ts';
import { RootLabel } from '../components/root-label.tsx';
import { theme } from '../state/theme.ts';
import { zoomed } from './axis.ts';
import { bandColours } from './band-colours.ts';
import type { ChartModel, View } from './chart-model.ts';
import './chart.css';
import { DataTwin } from './data-twin.tsx';
import { Legend } from './legend.tsx';
import { Plot } from './plot.ts';
import { keyAction, KEYS_TEXT, nearestStop, type ChartCursor } from './stops.ts';

export interface ChartProps {
  /** "local p0 against the mass". */
  readonly name: string;
  readonly model: ChartModel;
  readonly cursor: ChartCursor;
  /** All of the x axis, and what was chosen of it. */
  readonly full: View;
  readonly onZoom: (view: View | undefined) => void;
  /** Shaded. */
  readonly range?: ReadonlySignal<View | undefined>;
  /** CSS pixels. */
  readonly height?: number;
  /** Numbers and title of the x axis; without them where a chart below has them. */
  readonly hasX?: boolean;
  /** Without it where a chart beside it has the same. */
  readonly hasLegend?: boolean;
  /** Below the legend: what the picture says, remarks. */
  readonly children?: ComponentChildren;
}

const HEIGHT = 230;

export function Chart(props: ChartProps) {
  const { name, model, cursor, height = HEIGHT, hasX = true, hasLegend = true, children } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>();
  const latest = useRef(props);
  latest.current = props;
  /** Stop under the pointer. */
  const pointed = useSignal<number | undefined>(undefined);

  useLayoutEffect(() => {
    const element = host.current!;
    const toStop = (x: number | undefined) =>
      x === undefined ? undefined : nearestStop(latest.current.cursor.stops, x);
    const size = () => ({ width: Math.max(120, element.clientWidth), height: latest.current.height ?? HEIGHT });
    const made = new Plot(
      element,
      latest.current.model,
      size(),
      {
        onPoint: (x) => {
          const stop = toStop(x);
          if (stop === pointed.peek()) return;
          pointed.value = stop;
          latest.current.cursor.hover(stop);
        },
        onClick: (x) => latest.current.cursor.pin(toStop(x)),
        onZoom: (view) => latest.current.onZoom(view),
      },
      hasX,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.resize(size().width, size().height));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.close();
      if (pointed.peek() !== undefined) latest.current.cursor.hover(undefined);
    };
  }, []);

  useLayoutEffect(() => plot.current!.show(model), [model]);
  useEffect(
    () =>
      effect(() => {
        void theme.value;
        void bandColours.value;
        // the document follows both in the same turn
        queueMicrotask(() => plot.current?.redraw());
      }),
    [],
  );
  const { range } = props;
  useEffect(
    () =>
      effect(() => {
        const at = (stop: number | undefined) => (stop === undefined ? undefined : cursor.stops[stop]);
        plot.current!.mark({
          hovered: at(cursor.hovered.value ?? pointed.value),
          pinned: at(cursor.pinned.value),
          range: range?.value,
        });
      }),
    [cursor, range],
  );

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
    <figure class="chart">
      <div class="chart-head">
        <span class="chart-title">
          <RootLabel label={model.y.label} />
        </span>
        <Readout cursor={cursor} pointed={pointed} />
      </div>
      <Slider name={name} cursor={cursor} pointed={pointed} host={host} height={height} onKeyDown={onKeyDown} />
      {hasX && (
        <div class="chart-x">
          <RootLabel label={withUnit(model.x)} />
        </div>
      )}
      <figcaption>
        <span class="hidden-text">{`${name} against ${labelText(model.x.label)}. `}</span>
        {hasLegend && <Legend model={model} />}
        {children}
      </figcaption>
      <DataTwin name={name} model={model} />
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
  return <span class="chart-readout number">{stop === undefined ? '' : props.cursor.words(stop)}</span>;
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
