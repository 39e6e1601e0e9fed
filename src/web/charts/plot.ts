/**
 * One chart on the page: uPlot has the canvas, the axes, the selection by dragging; the marks are draw-layers.ts, ticks point
 * inward on four sides as in the figures, and what is pointed at and pinned are lines over the canvas that cost no redraw.
 */
import './usable-language.ts';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { themeColour } from '../state/theme.ts';
import { fromCoordinate, ticksOf, toCoordinate, type AxisTicks } from './axis.ts';
import type { ChartAxis, ChartModel, View } from './chart-model.ts';
import { drawFrame, type FrameTicks } from './draw-frame.ts';
import { drawLayers, drawLevels, nameLevels, type Brush } from './draw-layers.ts';
import { MarkElements, type PlotMarks } from './plot-marks.ts';

export interface PlotEvents {
  /** The pointer is over this value of x; undefined when it leaves. */
  readonly onPoint: (x: number | undefined) => void;
  readonly onClick: (x: number) => void;
  /** A part was chosen by dragging; undefined by a double click: all of it. */
  readonly onZoom: (view: View | undefined) => void;
}

const FONT = '12px system-ui, sans-serif';
/** The same for all charts, so that those above each other have one x. */
const Y_AXIS_WIDTH = 56;
const X_AXIS_HEIGHT = 24;
/** A shorter way of the pointer is a click. */
const LEAST_DRAG = 5;
/** Marks far outside would overflow what a canvas can count. */
const FAR = 50;

export class Plot {
  readonly #plot: uPlot;
  readonly #elements: MarkElements;
  #model: ChartModel;
  #marks: PlotMarks = {};
  #ticks: Readonly<Record<'x' | 'y', AxisTicks>> = { x: { major: [], minor: [] }, y: { major: [], minor: [] } };

  /** @param hasNumbers on the x axis; without them for the upper of two charts over one axis */
  constructor(
    host: HTMLElement,
    model: ChartModel,
    size: { readonly width: number; readonly height: number },
    events: PlotEvents,
    hasNumbers = true,
  ) {
    this.#model = model;
    const valueOf = (left: number) => fromCoordinate(this.#model.x, this.#plot.posToVal(left, 'x'));
    /** Since the button went down: the click that ends a drag is none. */
    let hasZoomed = false;
    const options: uPlot.Options = {
      ...size,
      padding: [8, 14, hasNumbers ? 0 : 4, 0],
      series: [{}, { scale: 'y', paths: () => null, points: { show: false } }],
      scales: {
        x: { time: false, range: () => this.#domain('x') },
        y: { range: () => this.#domain('y') },
      },
      axes: [
        { ...this.#axis('x', hasNumbers), size: hasNumbers ? X_AXIS_HEIGHT : 0 },
        { ...this.#axis('y'), scale: 'y', size: Y_AXIS_WIDTH },
      ],
      legend: { show: false },
      cursor: {
        x: false,
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG, click: () => {} },
        bind: {
          dblclick: () => () => {
            events.onZoom(undefined);
            return null;
          },
        },
      },
      hooks: {
        draw: [() => this.#draw()],
        setCursor: [({ cursor }) => events.onPoint(cursor.left! < 0 ? undefined : valueOf(cursor.left!))],
        setSelect: [
          ({ select: { left, width } }) => {
            if (width < LEAST_DRAG) return;
            hasZoomed = true;
            this.#plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            events.onZoom([valueOf(left), valueOf(left + width)]);
          },
        ],
      },
    };
    this.#plot = new uPlot(options, this.#data(), host);
    this.#plot.over.addEventListener('mousedown', () => (hasZoomed = false));
    this.#plot.over.addEventListener('click', ({ offsetX }) => {
      if (!hasZoomed) events.onClick(valueOf(offsetX));
    });
    this.#elements = new MarkElements(this.#plot.over);
  }

  show(model: ChartModel): void {
    this.#model = model;
    this.#plot.setData(this.#data(), true);
  }

  mark(marks: PlotMarks): void {
    this.#marks = marks;
    this.#placeMarks();
  }

  resize(size: { readonly width: number; readonly height: number }): void {
    if (size.width !== this.#plot.width || size.height !== this.#plot.height) this.#plot.setSize(size);
  }

  /** In the colours of now. */
  redraw(): void {
    this.#plot.redraw(false, true);
  }

  close(): void {
    this.#plot.destroy();
  }

  /** Only the places: uPlot's own series draw nothing. */
  #data(): uPlot.AlignedData {
    const x = this.#domain('x');
    return [x, x];
  }

  #domain(along: 'x' | 'y'): [number, number] {
    const axis = this.#model[along];
    return axis.domain.map((value) => toCoordinate(axis, value)) as [number, number];
  }

  #axis(along: 'x' | 'y', hasNumbers = true): uPlot.Axis {
    return {
      splits: (plot) => {
        const { width, height } = plot.bbox;
        const pixels = (along === 'x' ? width : height) / uPlot.pxRatio;
        this.#ticks = { ...this.#ticks, [along]: ticksOf(this.#model[along], along, pixels) };
        return this.#ticks[along].major.map(({ at }) => at);
      },
      values: () => this.#ticks[along].major.map(({ label }) => (hasNumbers ? label : '')),
      font: FONT,
      stroke: () => themeColour('--ink'),
      gap: 6,
      ticks: { show: false },
      grid: { show: false },
    };
  }

  #draw(): void {
    const { ctx: context, bbox } = this.#plot;
    const box = { left: bbox.left, top: bbox.top, right: bbox.left + bbox.width, bottom: bbox.top + bbox.height };
    const toPixels = (along: 'x' | 'y') => {
      const axis: ChartAxis = this.#model[along];
      const [low, high] = this.#domain(along);
      const [least, most] = [low - FAR * (high - low), high + FAR * (high - low)];
      return (value: number) =>
        this.#plot.valToPos(Math.min(most, Math.max(least, toCoordinate(axis, value))), along, true);
    };
    const brush: Brush = {
      context,
      toX: toPixels('x'),
      toY: toPixels('y'),
      box,
      ratio: uPlot.pxRatio,
      colour: themeColour,
    };
    context.save();
    context.font = FONT.replace('12', String(11 * uPlot.pxRatio));
    context.beginPath();
    context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    context.clip();
    drawLevels(brush, this.#model);
    drawLayers(brush, this.#model);
    nameLevels(brush, this.#model);
    context.restore();
    drawFrame(brush, this.#frameTicks('x'), this.#frameTicks('y'));
    this.#placeMarks();
  }

  #frameTicks(along: 'x' | 'y'): FrameTicks {
    const pixel = (coordinate: number) => Math.round(this.#plot.valToPos(coordinate, along, true));
    const { major, minor } = this.#ticks[along];
    return { major: major.map(({ at }) => pixel(at)), minor: minor.map(pixel) };
  }

  #placeMarks(): void {
    const { x } = this.#model;
    this.#elements.place(this.#marks, x.domain, (value) => this.#plot.valToPos(toCoordinate(x, value), 'x'));
  }
}
