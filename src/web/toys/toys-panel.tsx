/** Toys: what the best window or hypothesis means after looking everywhere. Thrown in the background, on demand. */
import { Panel } from '../components/panel.tsx';
import { deviceNotices } from '../state/device-words.ts';
import { formatDuration, formatRate } from '../state/format.ts';
import type { Page } from '../state/page.ts';
import type { PageToys, ToysPhase } from '../state/toys.ts';
import { EstimatorTable } from './estimator-table.tsx';
import { MaxZChart } from './max-z-chart.tsx';
import './toys.css';
import { answerText, countsText, countText, questionText, whyNoToys } from './toys-words.ts';

export function ToysPanel({ page }: { readonly page: Page }) {
  const result = page.scanned.value?.result;
  if (result === undefined) return null;
  const obstacle = whyNoToys(result);
  const { toys } = page;
  if (obstacle !== undefined) {
    return (
      <Panel title="Global significance">
        <p class="toys-text">{obstacle}</p>
      </Panel>
    );
  }
  return (
    <Panel
      title="Global significance"
      controls={<Controls toys={toys} isScanning={page.running.value !== undefined} />}
    >
      <div class="toys">
        {toys.live.value === undefined && <p class="toys-text muted">{questionText(result)}</p>}
        {toys.error.value && (
          <p class="notice bad" role="alert">
            {toys.error.value}
          </p>
        )}
        <Progress toys={toys} />
        <Answer toys={toys} known={page.scanned.value!.device.warnings} />
        <Others toys={toys} />
      </div>
    </Panel>
  );
}

const NUMBERS = [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
const BUSY: readonly ToysPhase[] = ['preparing', 'throwing', 'pausing'];

function Controls({ toys, isScanning }: { readonly toys: PageToys; readonly isScanning: boolean }) {
  const { phase, wanted, live } = toys;
  const thrown = live.value?.nToys ?? 0;
  const isDone = thrown >= wanted.value;
  return (
    <>
      <label>
        <span class="muted">toys</span>{' '}
        <select
          aria-label="toys to throw"
          value={wanted.value}
          disabled={BUSY.includes(phase.value)}
          onChange={({ currentTarget }) => (wanted.value = Number(currentTarget.value))}
        >
          {NUMBERS.map((n) => (
            <option key={n} value={n}>
              {countText(n)}
            </option>
          ))}
        </select>
      </label>
      {BUSY.includes(phase.value) ? (
        <button type="button" disabled={phase.value === 'pausing'} onClick={() => toys.pause()}>
          {phase.value === 'preparing' ? 'Cancel toys' : 'Pause'}
        </button>
      ) : (
        <button
          type="button"
          disabled={isScanning || isDone}
          title={isDone ? 'all of them are thrown: choose a larger number to go on' : undefined}
          onClick={() => void toys.start()}
        >
          {thrown > 0 ? 'Continue' : 'Throw toys'}
        </button>
      )}
    </>
  );
}

const WORDS: Readonly<Record<ToysPhase, string>> = {
  none: '',
  preparing: 'preparing the campaign',
  throwing: 'throwing toys',
  pausing: 'pausing after the toys that are being thrown',
  comparing: 'making the other estimators',
  resting: '',
};

function Progress({ toys }: { readonly toys: PageToys }) {
  const [phase, running, info] = [toys.phase.value, toys.running.value, toys.info.value];
  const isBusy = phase !== 'none' && phase !== 'resting';
  const rate = running?.rate === undefined ? '' : `, ${formatRate(running.rate).replace('/s', ' toys/s')}`;
  const left = running?.secondsLeft === undefined ? '' : `, ${formatDuration(1000 * running.secondsLeft)} left`;
  return (
    <>
      {isBusy && (
        <div class="toys-progress">
          <progress
            aria-label={`toys: ${WORDS[phase]}`}
            {...(phase === 'throwing' && running ? { max: running.total, value: running.done } : {})}
          />
          <span class="number">
            {WORDS[phase]}
            {phase === 'throwing' && running
              ? `: ${countText(running.done)} of ${countText(running.total)}${rate}${left}`
              : ''}
            {phase === 'throwing' && info ? ` on ${info.device}` : ''}
          </span>
        </div>
      )}
      <p class="hidden-text" role="status">
        {phase === 'resting' && toys.live.value ? `toys: ${answerText(toys.live.value)}` : WORDS[phase]}
      </p>
    </>
  );
}

/** @param known warnings of the device that are shown already */
function Answer({ toys, known }: { readonly toys: PageToys; readonly known: readonly string[] }) {
  const [live, info] = [toys.live.value, toys.info.value];
  if (live === undefined || info === undefined) return null;
  const warnings = live.deviceWarnings.filter((warning) => !known.includes(warning));
  return (
    <>
      <p class="toys-answer number" data-testid="global-p">
        {answerText(live)}
      </p>
      <p class="toys-text number">{countsText(live, info)}</p>
      {[...(toys.report.value?.result.warnings ?? info.warnings), ...deviceNotices({ warnings }, 'the toys')].map(
        (warning) => (
          <p class="notice" key={warning}>
            {warning}
          </p>
        ),
      )}
      <MaxZChart histogram={live.histogram} nToys={live.nToys} nReached={live.nExceedances} zLocal={info.zLocal} />
    </>
  );
}

function Others({ toys }: { readonly toys: PageToys }) {
  const [report, live] = [toys.report.value, toys.live.value];
  if (report === undefined) return null;
  const isOld = report.nToys !== live?.nToys;
  return (
    <>
      <EstimatorTable estimators={report.result.estimators} />
      {isOld && <p class="toys-text muted">The table is of the first {countText(report.nToys)} toys.</p>}
      <p class="toys-text muted">
        The p of toys is (k + 1)/(N + 1). It is a p-value for a number of toys that was chosen before one looked.
      </p>
    </>
  );
}
