/** Toys inside their worker: the campaign of one scan, thrown in parts that tell nothing of where they were cut. */
import type { Backend } from '../../engine/backend.ts';
import { chooseBackend } from '../../engine/choose-backend.ts';
import { CpuBackend } from '../../engine/cpu-backend.ts';
import { DarkscanError } from '../../errors.ts';
import { isSpectrumCard, parseAnyCard } from '../../io/card.ts';
import { attempt, type Outcome } from '../../outcome.ts';
import { maxZHistogram, maxZRange } from '../../report/max-z-histogram.ts';
import { prepareScan } from '../../scan/prepare.ts';
import { prepareSpectra } from '../../scan/spectrum/prepare.ts';
import { throwToys } from '../../toys/campaign.ts';
import type { Estimator } from '../../toys/estimators/estimator.ts';
import { fromToys } from '../../toys/estimators/from-toys.ts';
import { toyCounts } from '../../toys/global-p.ts';
import { prepareToys, type ToySetup } from '../../toys/prepare-toys.ts';
import { otherSpectrumEstimators } from '../../toys/spectrum/compare-spectrum.ts';
import type { SpectrumToySetup } from '../../toys/spectrum/prepare-spectrum-toys.ts';
import { prepareToysOfSpectra } from '../../toys/spectrum/prepare-toys-of-spectra.ts';
import { spectrumToyResult } from '../../toys/spectrum/spectrum-toy-result.ts';
import { mergeTallies, toysIn, type ToyTally } from '../../toys/tally.ts';
import { thrownToys, zOfRank } from '../../toys/toy-report.ts';
import { othersBesideToys, toyResult } from '../../toys/toy-result.ts';
import type { OnProgress, ScanRequest } from './api.ts';
import { pageFiles } from './page-files.ts';
import { browserPlatform } from './platform.ts';
import { throttled } from './throttle.ts';
import type { CampaignInfo, FinishedPageToys, LiveToys, OnToysProgress, ToysApi } from './toys-api.ts';

interface OpenCampaign {
  readonly setup: ToySetup | SpectrumToySetup;
  readonly backend: Backend;
}

export class ToysService implements ToysApi {
  #campaign: OpenCampaign | undefined;
  /** Of all parts that have ended. */
  #tally: ToyTally | undefined;
  /** Of the part that is being thrown. */
  #part: (() => ToyTally) | undefined;
  #others: readonly Estimator[] | undefined;
  #running: AbortController | undefined;

  prepare(request: ScanRequest, onProgress: OnProgress): Promise<Outcome<CampaignInfo>> {
    return attempt(async () => {
      this.#campaign = await openCampaign(request, onProgress);
      const { setup } = this.#campaign;
      const { rank, lnPLocal } = setup.observed;
      return {
        nTested: 'tested' in setup ? setup.tested.length : setup.windows.count,
        zLocal: rank > 0 ? zOfRank(setup)(rank) : null,
        pLocal: Math.exp(lnPLocal),
        ensemble: setup.ensemble,
        device: this.#campaign.backend.info.description,
        warnings: setup.warnings,
      };
    });
  }

  throwUntil(n: number, onProgress: OnToysProgress): Promise<Outcome<LiveToys>> {
    return attempt(async () => {
      const { setup, backend } = this.#opened();
      if (this.#running !== undefined) throw new DarkscanError('internal', 'internal: toys are being thrown already');
      this.#running = new AbortController();
      const from = this.#tally?.to ?? 0;
      const report = throttled(onProgress);
      try {
        const { tally } = await throwToys(setup, backend, {
          from,
          to: n,
          signal: this.#running.signal,
          onProgress: (done) => report({ stage: 'toys', done: from + done, total: n }),
          onTallied: (part) => {
            this.#part = part;
            const soFar = this.#soFar();
            onProgress({ stage: 'toys', done: soFar.to, total: n, live: liveToys(setup, backend, soFar) });
          },
        });
        this.#part = undefined;
        if (tally.to > from) this.#tally = this.#tally === undefined ? tally : mergeTallies([this.#tally, tally]);
        return liveToys(setup, backend, this.#soFar());
      } finally {
        this.#part = undefined;
        this.#running = undefined;
      }
    });
  }

  pause(): void {
    this.#running?.abort();
  }

  finished(): Promise<Outcome<FinishedPageToys>> {
    return attempt(() => {
      const { setup } = this.#opened();
      const tally = this.#soFar();
      if ('tested' in setup) {
        this.#others ??= otherSpectrumEstimators(setup);
        return thrownToys(setup, tally, spectrumToyResult(setup, tally, undefined, this.#others));
      }
      this.#others ??= othersBesideToys(setup);
      return thrownToys(setup, tally, toyResult(setup, tally, undefined, this.#others));
    });
  }

  #opened(): OpenCampaign {
    if (this.#campaign !== undefined) return this.#campaign;
    throw new DarkscanError('internal', 'internal: toys were asked for before their campaign was made');
  }

  /** Error (kind interrupted) before the first toy. */
  #soFar(): ToyTally {
    const parts = [...(this.#tally ? [this.#tally] : []), ...(this.#part ? [this.#part()] : [])];
    if (parts.length === 0) throw new DarkscanError('interrupted', 'toys: paused before the first ones were done');
    return parts.length === 1 ? parts[0] : mergeTallies(parts);
  }
}

async function openCampaign(request: ScanRequest, onProgress: OnProgress): Promise<OpenCampaign> {
  const { text, source, unblind, threads } = request;
  onProgress({ stage: 'prepare', done: 0, total: 1 });
  const { card } = parseAnyCard(text, source);
  const { backend } = await chooseBackend({ backend: request.backend, threads }, browserPlatform);
  const options = { files: pageFiles(request.files), seed: card.seed ?? 1, unblind };
  if (isSpectrumCard(card)) {
    const prepared = await prepareSpectra(card, options);
    const { cores, spawn } = browserPlatform;
    const cpu = () => new CpuBackend({ threads: threads ?? cores, spawn });
    return { setup: await prepareToysOfSpectra(prepared, options.seed, cpu), backend };
  }
  const prepared = await prepareScan(card, options);
  onProgress({ stage: 'tables of toys', done: 0, total: 1 });
  return { setup: await prepareToys(prepared, { seed: options.seed, backend }), backend };
}

function liveToys(setup: OpenCampaign['setup'], backend: Backend, tally: ToyTally): LiveToys {
  const { rank, lnPLocal } = setup.observed;
  const { pGlobal, interval, zGlobal } = fromToys(toyCounts(tally), lnPLocal);
  const zOf = zOfRank(setup);
  const [ranks, toys] = [[...tally.byRank.keys()], [...tally.byRank.values()]];
  const z = ranks.map(zOf);
  return {
    nToys: toysIn(tally),
    nExceedances: tally.nExceedances,
    pGlobal: pGlobal!,
    pLow: interval!.low,
    pHigh: interval!.high,
    zGlobal,
    histogram: maxZHistogram(z, toys, maxZRange(z, rank > 0 ? zOf(rank) : null)),
    deviceWarnings: [...backend.warnings],
  };
}
