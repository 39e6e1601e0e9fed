/** The map of the windows: a picture of one quantity with the events over it; hovering, pinning, zooming and panning. */
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Panel } from '../components/panel.tsx';
import { isSpectrumResult } from '../engine/api.ts';
import type { Page } from '../state/page.ts';
import type { ScanResult } from '../../model/result.ts';
import { MapControls } from './controls.tsx';
import { handleGestures, handleKey } from './interaction.ts';
import { Legend } from './legend.tsx';
import './map.css';
import { MapChoice, MapModel } from './model.ts';
import { mapPalette, MapStage } from './stage.ts';
import { describeMap, describeWindow } from './words.ts';

/** One for the page: choices outlive results. */
const choice = new MapChoice();

export function MapView({ page }: { readonly page: Page }) {
  const result = page.scanned.value?.result;
  if (result === undefined || isSpectrumResult(result)) return null;
  return <MapOf page={page} result={result} />;
}

function MapOf({ page, result }: { readonly page: Page; readonly result: ScanResult }) {
  const model = useMemo(() => new MapModel(result, choice, () => mapPalette.value), [result]);
  const host = useRef<HTMLDivElement>(null);
  const stage = useRef<MapStage>(undefined);
  const announced = useSignal('');
  useEffect(() => {
    const drawn = new MapStage(host.current!, model, page);
    const stop = handleGestures(host.current!, drawn, model, page);
    stage.current = drawn;
    return () => {
      stop();
      drawn.close();
    };
  }, [model]);
  useSignalEffect(() => {
    if (page.pinned.value !== undefined) model.showWindow(page.pinned.value);
  });
  return (
    <Panel title="Map of the windows" controls={<MapControls model={model} />}>
      <div
        ref={host}
        class={model.isFull.value ? 'map-host' : 'map-host map-zoomed'}
        role="application"
        aria-roledescription="map"
        tabIndex={0}
        aria-label={describeMap(result, model.quantity.value, model.shading.value)}
        aria-describedby="map-keys"
        onKeyDown={(event) => {
          if (!handleKey(event.key, event.shiftKey, stage.current!.layout, model, page)) return;
          event.preventDefault();
          const { value } = page.pinned;
          announced.value =
            value === undefined ? 'no window pinned' : describeWindow(result, model.quantity.value, value);
        }}
      />
      <p id="map-keys" class="hidden-text">
        Arrow keys move to the neighbouring window, with Shift they move the map; plus and minus zoom, 0 shows all,
        Escape unpins.
      </p>
      <p class="hidden-text" aria-live="polite">
        {announced}
      </p>
      <Readout page={page} model={model} />
      <Legend model={model} />
    </Panel>
  );
}

/** The hovered or pinned window in a line. */
function Readout({ page, model }: { readonly page: Page; readonly model: MapModel }) {
  const text = useComputed(() => {
    const id = page.shown.value;
    return id === undefined || id >= model.result.table.rowCount
      ? 'Point at a window; click to pin it.'
      : describeWindow(model.result, model.quantity.value, id);
  });
  return (
    <p class="map-readout number" data-testid="map-readout">
      {text}
    </p>
  );
}
