/** Public spectra that tests fit, and synthetic ones. */
import { gunzipSync } from 'node:zlib';
import { binEvents, makeSpectrum, type Spectrum } from '../../src/model/spectrum/spectrum.ts';
import { shared } from './fixtures.ts';

const lines = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim().split('\n').slice(1);

/** Masses of the opposite-sign pairs of CMS MuRun2010B, 2 to 110 GeV. */
export function dimuonMasses(): number[] {
  const rows = lines(gunzipSync(shared('cms-dimuon-2010/MuRun2010B_0.csv.gz'))).map((line) => line.split(','));
  return rows.filter((row) => Number(row[10]) * Number(row[19]) < 0).map((row) => Number(row[20]));
}

/** They in 1886 bins of a quarter of the resolution 0.0085 m from 2 to 110 GeV. */
export function dimuonSpectrum(): Spectrum {
  const edges = Array.from({ length: 1887 }, (_, j) => 2 * Math.exp((0.0085 / 4) * j));
  return binEvents(dimuonMasses(), edges).spectrum;
}

/** A table of spectra-hepdata: low edge, high edge, count. */
export function publishedSpectrum(name: string): Spectrum {
  const rows = lines(shared(`spectra-hepdata/${name}`)).map((line) => line.split(',').map(Number));
  const column = (k: number) => rows.map((row) => row[k]);
  return makeSpectrum(column(0), column(1), column(2), name);
}

/** Bins of width 1 from 0 on. */
export function unitSpectrum(counts: readonly number[]): Spectrum {
  const low = counts.map((_, i) => i);
  const high = counts.map((_, i) => i + 1);
  return makeSpectrum(low, high, counts);
}
