/**
 * The canvases of a map in their element, redrawn at most once per frame and only what changed: the picture (windows
 * and events) and the frame (axes, colour bar) with the view, the overlay (hovered and pinned window) with the pointer.
 */
import { computed, effect, type ReadonlySignal } from '@preact/signals';
import type { View } from '../../model/windows-of-table.ts';
import { theme, themeColour } from '../state/theme.ts';
import { drawAxes, drawColourBar } from './draw-frame.ts';
import { drawMarks, traceWindows } from './draw-marks.ts';
import type { IndexRaster } from './index-raster.ts';
import { addLayer, placeLayer } from './layers.ts';
import { layoutOf, type Layout } from './layout.ts';
import type { MapModel } from './model.ts';
import { paintPicture } from './picture.ts';
import { packColour, type MapPalette } from './shading.ts';

/** Sharper than this costs time and shows nothing. */
const MAX_DPR = 2;

/** A picture that takes longer is drawn with half the pixels per length while it moves, and sharp once it rests. */
const PATIENCE_MS = 14;
const REST_MS = 150;

export interface Looked {
  readonly hovered: ReadonlySignal<number | undefined>;
  readonly pinned: ReadonlySignal<number | undefined>;
}

/** Colours of the windows in the theme in force. */
export const mapPalette = computed<MapPalette>(() => ({
  dark: theme.value === 'dark',
  noExcess: longColour('--map-no-excess'),
  blankGround: longColour('--map-blank'),
  blankInk: longColour('--map-blank-ink'),
  crossGround: longColour('--map-cross'),
  crossInk: longColour('--map-cross-ink'),
  ok: longColour('--map-ok'),
}));

/** A colour of the style sheet as "#rrggbb": builds shorten them. */
function longColour(name: `--${string}`): string {
  const colour = themeColour(name);
  return colour.length === 4 ? colour.replace(/[^#]/g, '$&$&') : colour;
}

type Layer = 'picture' | 'frame' | 'overlay';

export class MapStage {
  readonly #host: HTMLElement;
  readonly #model: MapModel;
  readonly #looked: Looked;
  readonly #contexts: Readonly<Record<Layer, CanvasRenderingContext2D>>;
  readonly #stops: (() => void)[] = [];
  readonly #dirty = new Set<Layer>();
  #frame = 0;
  #layout: Layout;
  #dpr = 1;
  #image: ImageData | undefined;
  #shownView: View | undefined;
  /** What the last picture in full sharpness took. */
  #sharpMs = 0;
  #sharpen: ReturnType<typeof setTimeout> | undefined;
  #raster: IndexRaster | undefined;

  constructor(host: HTMLElement, model: MapModel, looked: Looked) {
    [this.#host, this.#model, this.#looked] = [host, model, looked];
    this.#contexts = { picture: addLayer(host), frame: addLayer(host), overlay: addLayer(host) };
    this.#layout = layoutOf(host.clientWidth, model.geometry.plane);
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(host);
    this.#stops.push(
      () => resized.disconnect(),
      effect(() => {
        void [model.view.value, model.shading.value, model.choice.events.value, mapPalette.value];
        this.#redraw('picture', 'frame', 'overlay');
      }),
      effect(() => {
        void [looked.hovered.value, looked.pinned.value];
        this.#redraw('overlay');
      }),
    );
    this.#resize();
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** Row of the window drawn at a place of the host. */
  windowAt(x: number, y: number): number | undefined {
    const { box } = this.#layout;
    if (this.#raster === undefined) return undefined;
    const { width, height, index } = this.#raster;
    const column = Math.floor(((x - box.left) / (box.right - box.left)) * width);
    const row = Math.floor(((y - box.top) / (box.bottom - box.top)) * height);
    if (column < 0 || column >= width || row < 0 || row >= height) return undefined;
    const found = index[row * width + column];
    return found < 0 ? undefined : found;
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#sharpen);
    for (const stop of this.#stops) stop();
    for (const { canvas } of Object.values(this.#contexts)) canvas.remove();
  }

  #resize(): void {
    this.#layout = layoutOf(this.#host.clientWidth, this.#model.geometry.plane);
    this.#dpr = Math.min(MAX_DPR, devicePixelRatio);
    const { width, height, box } = this.#layout;
    this.#host.style.height = `${height}px`;
    const { picture, frame, overlay } = this.#contexts;
    placeLayer(picture.canvas, box.left, box.top, box.right - box.left, box.bottom - box.top, this.#dpr);
    for (const { canvas } of [frame, overlay]) placeLayer(canvas, 0, 0, width, height, this.#dpr);
    this.#image = undefined;
    this.#redraw('picture', 'frame', 'overlay');
  }

  readonly #draw: Readonly<Record<Layer, () => void>> = {
    picture: () => {
      const { geometry, shading, view, choice, result } = this.#model;
      const moves = view.value !== this.#shownView;
      this.#shownView = view.value;
      const coarse = moves && this.#sharpMs > PATIENCE_MS;
      const dpr = coarse ? this.#dpr / 2 : this.#dpr;
      const { width, height, data } = this.#imageFor(dpr);
      const started = performance.now();
      this.#raster = paintPicture(new Uint32Array(data.buffer), {
        geometry,
        shading: shading.value,
        view: view.value,
        width,
        height,
        dpr,
        paper: packColour(longColour('--panel')),
        events: choice.events.value ? result.events : undefined,
        eventInk: { core: packColour(longColour('--event')), rim: packColour(longColour('--event-rim')) },
      });
      this.#contexts.picture.putImageData(this.#image!, 0, 0);
      clearTimeout(this.#sharpen);
      if (coarse) this.#sharpen = setTimeout(() => this.#redraw('picture'), REST_MS);
      else this.#sharpMs = performance.now() - started;
    },
    frame: () => {
      const { result, view, geometry, shading, quantity, outlined } = this.#model;
      const context = this.#cleared('frame');
      traceWindows(context, outlined.value, this.#layout, this.#model, '--map-outline', 1);
      const inks = { ink: themeColour('--ink'), rim: themeColour('--panel') };
      drawAxes(context, this.#layout, view.value, result.labels, geometry.plane, inks);
      const { bar } = shading.value;
      if (bar !== undefined) drawColourBar(context, this.#layout, bar, quantity.value.title, inks);
    },
    overlay: () => {
      const [pinned, hovered] = [this.#looked.pinned.value, this.#looked.hovered.value];
      drawMarks(this.#cleared('overlay'), this.#layout, this.#model, { pinned, hovered });
    },
  };

  /** The canvas of the picture and its pixels at so many per style-sheet pixel. */
  #imageFor(dpr: number): ImageData {
    const { canvas } = this.#contexts.picture;
    const { left, top, right, bottom } = this.#layout.box;
    const [width, height] = [Math.round((right - left) * dpr), Math.round((bottom - top) * dpr)];
    if (this.#image?.width === width && this.#image.height === height) return this.#image;
    [canvas.width, canvas.height] = [width, height];
    return (this.#image = new ImageData(width, height));
  }

  #cleared(layer: Layer): CanvasRenderingContext2D {
    const context = this.#contexts[layer];
    context.setTransform(this.#dpr, 0, 0, this.#dpr, 0, 0);
    context.clearRect(0, 0, this.#layout.width, this.#layout.height);
    return context;
  }

  #redraw(...layers: Layer[]): void {
    for (const layer of layers) this.#dirty.add(layer);
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const due = [...this.#dirty];
      this.#dirty.clear();
      for (const layer of due) this.#draw[layer]();
    });
  }
}
