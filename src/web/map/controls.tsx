/** Selectors and buttons of the map. */
import { labelText } from '../../report/svg/label.ts';
import type { MapModel } from './model.ts';

const CENTRE = [0.5, 0.5] as const;
/** Of one press of a button or key. */
export const ZOOM_STEP = 1.6;

export function MapControls({ model }: { readonly model: MapModel }) {
  const { choice, quantity, quantities, shading, isFull } = model;
  const { bar } = shading.value;
  return (
    <div class="map-controls">
      <label>
        <span class="muted">show</span>{' '}
        <select
          value={quantity.value.column}
          onChange={({ currentTarget }) => {
            choice.column.value = currentTarget.value;
            choice.log.value = undefined;
          }}
        >
          {quantities.map(({ column, name }) => (
            <option key={column} value={column}>
              {labelText(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          disabled={!bar?.canLog}
          checked={bar?.log ?? false}
          onChange={({ currentTarget }) => (choice.log.value = currentTarget.checked)}
        />{' '}
        log colours
      </label>
      <label>
        <input
          type="checkbox"
          checked={choice.events.value}
          onChange={({ currentTarget }) => (choice.events.value = currentTarget.checked)}
        />{' '}
        events
      </label>
      <span class="map-zoom" role="group" aria-label="zoom">
        <button type="button" aria-label="zoom in" onClick={() => model.zoom(CENTRE, ZOOM_STEP)}>
          +
        </button>
        <button
          type="button"
          aria-label="zoom out"
          disabled={isFull.value}
          onClick={() => model.zoom(CENTRE, 1 / ZOOM_STEP)}
        >
          −
        </button>
        <button type="button" disabled={isFull.value} onClick={() => model.reset()}>
          all
        </button>
      </span>
    </div>
  );
}
