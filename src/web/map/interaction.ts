/** What pointers and keys do to the map and to the window looked at. */
import { batch } from '@preact/signals';
import type { Page } from '../state/page.ts';
import { ZOOM_STEP } from './controls.tsx';
import { watchGestures } from './gestures.ts';
import { fractionsAt, isInBox, type Layout } from './layout.ts';
import type { MapModel } from './model.ts';
import { neighbourOf, type Direction } from './neighbour.ts';
import type { MapStage } from './stage.ts';
import { fractionsOf } from './view.ts';

type Looked = Pick<Page, 'hovered' | 'pinned'>;

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
/** Part of the view that Shift and an arrow move by. */
const PAN_STEP = 0.2;

/** Returns what ends it. */
export function handleGestures(element: HTMLElement, stage: MapStage, model: MapModel, looked: Looked): () => void {
  /** Before a press that may turn out to be the first of a double one. */
  let pinnedBefore: number | undefined;
  return watchGestures(element, {
    onHover: (place) => (looked.hovered.value = place && stage.windowAt(...place)),
    onPick: (place) => {
      const picked = stage.windowAt(...place);
      pinnedBefore = looked.pinned.value;
      looked.pinned.value = picked === looked.pinned.value ? undefined : picked;
    },
    onDoublePick: () =>
      batch(() => {
        looked.pinned.value = pinnedBefore;
        model.reset();
      }),
    onPan: (dx, dy) => {
      const { box } = stage.layout;
      model.pan([dx / (box.right - box.left), -dy / (box.bottom - box.top)]);
    },
    onZoom: (place, factor) =>
      isInBox(stage.layout.box, ...place) && model.zoom(fractionsAt(stage.layout.box, ...place), factor),
  });
}

/** Returns whether the key means something here. */
export function handleKey(key: string, shift: boolean, { box }: Layout, model: MapModel, looked: Looked): boolean {
  const direction = ARROWS[key];
  if (direction !== undefined) {
    if (shift) panTowards(model, direction);
    else move(model, direction, (box.right - box.left) / (box.bottom - box.top), looked);
    return true;
  }
  if (key === '+' || key === '=') model.zoom(zoomCentre(model, looked), ZOOM_STEP);
  else if (key === '-') model.zoom(zoomCentre(model, looked), 1 / ZOOM_STEP);
  else if (key === '0') model.reset();
  else if (key === 'Escape') looked.pinned.value = undefined;
  else return false;
  return true;
}

function panTowards(model: MapModel, direction: Direction): void {
  const sign = direction === 'left' || direction === 'down' ? PAN_STEP : -PAN_STEP;
  model.pan(direction === 'left' || direction === 'right' ? [sign, 0] : [0, sign]);
}

/** From the pinned window, else from the hovered one, else to the most significant. */
function move(model: MapModel, direction: Direction, aspect: number, { hovered, pinned }: Looked): void {
  const from = pinned.value ?? hovered.value;
  const next =
    from === undefined ? (model.result.summary.best[0]?.id ?? 0) : neighbourOf(model.geometry, from, direction, aspect);
  batch(() => {
    hovered.value = undefined;
    pinned.value = next ?? from;
  });
}

/** The pinned window where it is in view, else the middle. */
function zoomCentre({ geometry, view }: MapModel, { pinned }: Looked): readonly [number, number] {
  if (pinned.value === undefined) return [0.5, 0.5];
  const { x, y } = geometry.windows;
  const place = fractionsOf(view.value, x[pinned.value], y[pinned.value]);
  return place.every((fraction) => fraction >= 0 && fraction <= 1) ? place : [0.5, 0.5];
}
