/** Title, where the work is done and how fast, progress, and the two buttons that start and cancel. */
import { isSpectrumResult } from '../engine/api.ts';
import type { BackendName } from '../../engine/choose-backend.ts';
import { stageWords } from '../../scan/stage-words.ts';
import { announcement } from '../state/announce.ts';
import { noGpuWords } from '../state/device-words.ts';
import { formatDuration, formatRate } from '../state/format.ts';
import type { Page, Scanned } from '../state/page.ts';
import type { RunningStage } from '../state/measured.ts';
import { theme, toggleTheme } from '../state/theme.ts';
import { Help } from './help.tsx';
import './header.css';

const BACKENDS: readonly { readonly name: BackendName; readonly words: string }[] = [
  { name: 'auto', words: 'GPU if there is one' },
  { name: 'webgpu', words: 'GPU (WebGPU)' },
  { name: 'cpu', words: 'CPU workers' },
];

export function Header({ page }: { readonly page: Page }) {
  const { running, scanned, backend } = page;
  return (
    <header class="head">
      <h1>darkscan</h1>
      <label>
        <span class="muted">compute on</span>{' '}
        <select
          value={backend.value}
          onChange={({ currentTarget }) => (backend.value = currentTarget.value as BackendName)}
        >
          {BACKENDS.map(({ name, words }) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {running.value === undefined ? (
        <button type="button" class="primary" onClick={() => void page.scan()}>
          Scan
        </button>
      ) : (
        <button type="button" onClick={() => page.cancel()}>
          Cancel
        </button>
      )}
      {running.value && <ProgressLine running={running.value} />}
      {running.value === undefined && scanned.value && <DeviceLine scanned={scanned.value} />}
      <button type="button" class="theme" onClick={toggleTheme}>
        {theme.value === 'dark' ? 'Light' : 'Dark'}
      </button>
      <Help />
      <p class="hidden-text" role="status">
        {announcement(running.value, scanned.value)}
      </p>
    </header>
  );
}

function ProgressLine({ running }: { readonly running: RunningStage }) {
  const { stage, done, total, rate, secondsLeft } = running;
  const left = secondsLeft === undefined ? '' : `, ${formatDuration(1000 * secondsLeft)} left`;
  const words = stageWords(stage);
  return (
    <div class="progress" data-testid="progress">
      <progress max={total} value={done} aria-label={`progress: ${words}`} />
      <span class="number">
        {words}
        {rate === undefined ? '' : ` ${formatRate(rate)}${left}`}
      </span>
    </div>
  );
}

function DeviceLine({ scanned }: { readonly scanned: Scanned }) {
  const { device, elapsedMs, result } = scanned;
  const [n, noun] = isSpectrumResult(result)
    ? [result.summary.nHypotheses, 'fits']
    : [result.summary.nWindows, 'windows'];
  const rate = formatRate(n / (result.summary.elapsedMs / 1000));
  const noGpu = noGpuWords(device);
  return (
    <>
      <p class="device number" data-testid="device">
        {n} {noun} in {formatDuration(elapsedMs)} on {device.info.description}, {rate}
      </p>
      {noGpu && <p class="device no-gpu muted">{noGpu}</p>}
    </>
  );
}
