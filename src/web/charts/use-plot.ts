/** The plot of a chart through the life of its element: made, shown again, resized, recoloured, marked, closed. */
import { effect, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { theme } from '../state/theme.ts';
import { bandColours } from './band-colours.ts';
import type { ChartModel, View } from './chart-model.ts';
import { Plot } from './plot.ts';
import { nearestStop, type ChartCursor } from './stops.ts';

export interface PlotProps {
  readonly model: ChartModel;
  readonly cursor: ChartCursor;
  readonly onZoom: (view: View | undefined) => void;
  /** Shaded. */
  readonly range?: ReadonlySignal<View | undefined>;
  /** CSS pixels. */
  readonly height?: number;
  readonly isUpper?: boolean;
}

export const HEIGHT = 230;
const LEAST_WIDTH = 120;

/** @param pointed gets the stop under the pointer */
export function usePlot(props: PlotProps, pointed: Signal<number | undefined>): { current: HTMLDivElement | null } {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const { model, cursor, range } = props;

  useLayoutEffect(() => {
    const element = host.current!;
    const stopAt = (x: number) => nearestStop(latest.current.cursor.stops, x);
    const size = () => ({
      width: Math.max(LEAST_WIDTH, element.clientWidth),
      height: latest.current.height ?? HEIGHT,
    });
    const made = new Plot(
      element,
      latest.current.model,
      size(),
      {
        onPoint: (x) => {
          const stop = x === undefined ? undefined : stopAt(x);
          if (stop === pointed.peek()) return;
          pointed.value = stop;
          latest.current.cursor.hover(stop);
        },
        onClick: (x) => latest.current.cursor.pin(stopAt(x)),
        onZoom: (view) => latest.current.onZoom(view),
      },
      !latest.current.isUpper,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.resize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.close();
      plot.current = undefined;
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

  return host;
}
