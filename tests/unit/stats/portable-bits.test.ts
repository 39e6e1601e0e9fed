import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { hashes } from './portable-bits.ts';

/** Output bits over fixed arguments. A change here is a change of every decision made with these functions: say so. */
const EXPECTED: Record<string, string> = {
  exp: 'cdbfb9003369abf5',
  expm1: 'c72c551e008c44f0',
  log: 'a10b10763626bd71',
  log1p: '78df32c3e93d3b66',
  log10: 'a3daadba333589ed',
  pow: '92a8b69eaa21580e',
  sin: 'f344e104cf3aa982',
  cos: '49a907efba589cb0',
  tan: 'b7b35a8adfecb84b',
  atan: 'cd8d1d5e105ff92c',
  atan2: '545a3f8db1a8d585',
  hypot: 'f00a619dfc9bab33',
  erfc: '35a7af12417cf0f1',
  lnNormalTail: '0773f9adbf85b3a3',
  zFromLnP: '4602649a8c0e91af',
  lnGamma: 'c57244317dfea331',
  gammaQ: '47eda24cb76608aa',
  lnGammaP: '6fc7ad1e9cd38013',
  lnGammaQ: '4e495acf909dc433',
  gammaQInverse: 'a5de1d15284790b1',
  lnPoissonPmf: 'dbaac6e9bfd8c697',
  lnPoissonTail: '4ee9ebbb6af5570a',
  lnNegativeBinomialPmf: 'e13e71bfbe1d9892',
  lnBetaI: '6127dec9c3f31330',
};

/** Paths of other Node versions, from scripts/other-nodes.sh. */
const otherNodes = (process.env.DARKSCAN_NODES ?? '').split(':').filter(Boolean);

function bundle(): string {
  const entry = fileURLToPath(new URL('portable-bits.ts', import.meta.url));
  const result = buildSync({ entryPoints: [entry], bundle: true, format: 'iife', globalName: 'bits', write: false });
  return result.outputFiles[0].text;
}

describe('portable math has the same bits', () => {
  it('as when these hashes were written, in this Node', () => {
    expect(hashes()).toEqual(EXPECTED);
  });

  it.skipIf(otherNodes.length === 0 && !process.env.CI)('in Node 22 and Node 24', () => {
    expect(otherNodes, 'DARKSCAN_NODES is empty; run scripts/other-nodes.sh FOLDER').not.toHaveLength(0);
    const program = `${bundle()}\nconsole.log(JSON.stringify([process.version, bits.hashes()]));`;
    const majors = otherNodes.map((node) => {
      const output = execFileSync(node, ['-'], { input: program, encoding: 'utf8' });
      const [version, found] = JSON.parse(output) as [string, Record<string, string>];
      expect(found, `${node} (${version})`).toEqual(EXPECTED);
      return version.split('.')[0];
    });
    expect(majors).toEqual(expect.arrayContaining(['v22', 'v24']));
  });

  it('in Chromium', { timeout: 120_000 }, async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const found = await page.evaluate(`(() => { ${bundle()}; return bits.hashes(); })()`);
      expect(found, browser.version()).toEqual(EXPECTED);
    } finally {
      await browser.close();
    }
  });
});
