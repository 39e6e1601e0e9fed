/** Pointer and wheel as what they mean on a map: hover, pin, pan, zoom. One finger, two fingers, mouse and pen alike. */

export interface MapGestures {
  /** Place in the element; undefined when the pointer is gone. */
  onHover(place: Place | undefined): void;
  onPick(place: Place): void;
  onDoublePick(place: Place): void;
  /** Content moves by so many pixels. */
  onPan(dx: number, dy: number): void;
  /** Returns whether there was anything to zoom; a wheel that zooms nothing scrolls the page. */
  onZoom(place: Place, factor: number): boolean;
}

export type Place = readonly [x: number, y: number];

/** A press that moves less than this (pixels) picks, more drags. */
const SLACK = 4;
/** Zoom per pixel of the wheel; a pinch on a touch pad arrives as a wheel with ctrl and small steps. */
const PER_PIXEL = { wheel: 0.0016, pinch: 0.01 } as const;
const PIXELS_PER_LINE = 16;

/** Returns what ends it. */
export function watchGestures(element: HTMLElement, gestures: MapGestures): () => void {
  const pressed = new Map<number, Place>();
  let dragged = false;
  let start: Place = [0, 0];
  const listeners = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(type: K, listen: (event: HTMLElementEventMap[K]) => void): void =>
    element.addEventListener(type, listen, { signal: listeners.signal, passive: false });
  const placeOf = ({ clientX, clientY }: MouseEvent): Place => {
    const { left, top } = element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };

  on('pointerdown', (event) => {
    if (event.button !== 0) return;
    pressed.set(event.pointerId, placeOf(event));
    if (pressed.size > 1) dragged = true;
    else [start, dragged] = [placeOf(event), false];
  });
  on('pointermove', (event) => {
    const [place, before] = [placeOf(event), pressed.get(event.pointerId)];
    if (before === undefined) {
      if (event.pointerType !== 'touch' && pressed.size === 0) gestures.onHover(place);
      return;
    }
    if (!dragged && Math.hypot(place[0] - start[0], place[1] - start[1]) < SLACK) return;
    if (!dragged) element.setPointerCapture(event.pointerId);
    dragged = true;
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    pressed.set(event.pointerId, place);
    if (other !== undefined) pinch(before, place, other, gestures);
    else gestures.onPan(place[0] - before[0], place[1] - before[1]);
  });
  on('pointerup', ({ pointerId }) => pressed.delete(pointerId));
  // the second click of a double one has detail 2
  on('click', (event) => {
    if (!dragged && event.detail < 2) gestures.onPick(placeOf(event));
  });
  on('pointercancel', ({ pointerId }) => pressed.delete(pointerId));
  on('pointerleave', ({ pointerType }) => {
    if (pointerType !== 'touch') gestures.onHover(undefined);
  });
  on('dblclick', (event) => gestures.onDoublePick(placeOf(event)));
  on('wheel', (event) => {
    if (gestures.onZoom(placeOf(event), wheelFactor(event))) event.preventDefault();
  });
  return () => listeners.abort();
}

export function wheelFactor({
  deltaY,
  deltaMode,
  ctrlKey,
}: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number {
  const pixels = deltaMode === 0 ? deltaY : deltaY * PIXELS_PER_LINE;
  return Math.exp(-pixels * (ctrlKey ? PER_PIXEL.pinch : PER_PIXEL.wheel));
}

/** One of two fingers moved: the content follows both. */
export function pinch(
  before: Place,
  now: Place,
  other: Place,
  { onPan, onZoom }: Pick<MapGestures, 'onPan' | 'onZoom'>,
): void {
  const [oldSpan, newSpan] = [before, now].map((place) => Math.hypot(place[0] - other[0], place[1] - other[1]));
  if (oldSpan > 0 && newSpan > 0) onZoom([(before[0] + other[0]) / 2, (before[1] + other[1]) / 2], newSpan / oldSpan);
  onPan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
}
