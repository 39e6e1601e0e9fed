/**
 * The canvases of a map in their element, redrawn at most once per frame and only what changed: the picture (windows
 * and events) and the frame (axes, colour bar) with the view, the overlay (hovered and pinned window) with the pointer.
 */
import { computed, effect, type ReadonlySignal } from '@preact/signals';
import { theme, themeColour } from '../state/theme.ts';
import { drawAxes, drawColourBar, traceWindow } from './draw-frame.ts';
import type { IndexRaster } from './index-raster.ts';
import { layoutOf, type Layout } from './layout.ts';
import type { MapModel } from './model.ts';
import { paintPicture } from './picture.ts';
import { packColour, type MapPalette } from './shading.ts';

/** Sharper than this costs time and shows nothing. */
const MAX_DPR = 2;

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
    for (const stop of this.#stops) stop();
    for (const { canvas } of Object.values(this.#contexts)) canvas.remove();
  }

  #resize(): void {
    this.#layout = layoutOf(this.#host.clientWidth, this.#model.geometry.plane);
    this.#dpr = Math.min(MAX_DPR, devicePixelRatio);
    const { width, height, box } = this.#layout;
    this.#host.style.height = `${height}px`;
    const { picture, frame, overlay } = this.#contexts;
    place(picture.canvas, box.left, box.top, box.right - box.left, box.bottom - box.top, this.#dpr);
    for (const { canvas } of [frame, overlay]) place(canvas, 0, 0, width, height, this.#dpr);
    this.#image = undefined;
    this.#redraw('picture', 'frame', 'overlay');
  }

  readonly #draw: Readonly<Record<Layer, () => void>> = {
    picture: () => {
      const { geometry, shading, view, choice, result } = this.#model;
      const { width, height } = this.#contexts.picture.canvas;
      this.#image ??= new ImageData(width, height);
      this.#raster = paintPicture(new Uint32Array(this.#image.data.buffer), {
        geometry,
        shading: shading.value,
        view: view.value,
        width,
        height,
        dpr: this.#dpr,
        paper: packColour(longColour('--panel')),
        events: choice.events.value ? result.events : undefined,
        eventInk: { core: packColour(longColour('--event')), rim: packColour(longColour('--event-rim')) },
      });
      this.#contexts.picture.putImageData(this.#image, 0, 0);
    },
    frame: () => {
      const { result, view, geometry, shading, quantity, outlined } = this.#model;
      const context = this.#cleared('frame');
      context.strokeStyle = themeColour('--map-outline');
      context.lineWidth = 1;
      this.#trace(context, outlined.value);
      const inks = { ink: themeColour('--ink') };
      drawAxes(context, this.#layout, view.value, result.labels, geometry.plane, inks);
      const { bar } = shading.value;
      if (bar !== undefined) drawColourBar(context, this.#layout, bar, quantity.value.title, inks);
    },
    overlay: () => {
      const context = this.#cleared('overlay');
      const [pinned, hovered] = [this.#looked.pinned.value, this.#looked.hovered.value];
      if (pinned !== undefined) this.#mark(context, pinned, '--mark', []);
      if (hovered !== undefined && hovered !== pinned) this.#mark(context, hovered, '--accent', [5, 3]);
    },
  };

  /** Outline with a rim, seen on every colour; a dot where the window is too small to be seen. */
  #mark(context: CanvasRenderingContext2D, id: number, colour: `--${string}`, dash: number[]): void {
    context.lineWidth = 4.5;
    context.setLineDash([]);
    context.strokeStyle = themeColour('--panel');
    this.#trace(context, [id]);
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.strokeStyle = themeColour(colour);
    this.#trace(context, [id]);
  }

  #trace(context: CanvasRenderingContext2D, ids: readonly number[]): void {
    const { box } = this.#layout;
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.clip();
    context.beginPath();
    for (const i of ids) traceWindow(context, this.#model.geometry, i, box, this.#model.view.value);
    context.stroke();
    context.restore();
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

function addLayer(host: HTMLElement): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  host.append(canvas);
  return canvas.getContext('2d')!;
}

function place(canvas: HTMLCanvasElement, left: number, top: number, width: number, height: number, dpr: number): void {
  canvas.width = Math.max(1, Math.round(width * dpr));
  canvas.height = Math.max(1, Math.round(height * dpr));
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
