/** What the export panel does without elements: one thing at a time, what it says, what the link holds. */
import { describe, expect, test } from 'vitest';
import { DarkscanError } from '../../src/errors.ts';
import type { EngineClient } from '../../src/web/engine/client.ts';
import { Exports, type Ways } from '../../src/web/export/exports.ts';
import type { Archive, Bytes, FinishedRun, OnFigure } from '../../src/web/export/files-api.ts';
import type { FilesClient } from '../../src/web/export/files-client.ts';
import { giveFile } from '../../src/web/state/give-file.ts';
import { cardOfLink } from '../../src/web/state/link.ts';
import { missingFiles, openPage } from '../../src/web/state/open-link.ts';
import { Page, type Scanned } from '../../src/web/state/page.ts';
import { EVENTS, LINE_CARD } from '../cli/line-card.ts';
import { syntheticScan } from '../support/synthetic-scan.ts';

const ADDRESS = 'http://127.0.0.1/darkscan/';
const EVENTS_FILE = new File([EVENTS], 'events.csv');
const PATIENTLY = { timeout: 30_000 };
const HASH = '0'.repeat(64);

/** A page that never computes. */
const emptyPage = (): Page => new Page({ cancel: () => undefined } as unknown as EngineClient);

function scannedPage(): Page {
  const page = emptyPage();
  const device = { info: { kind: 'cpu' } };
  page.scanned.value = { result: syntheticScan({ step: 12 }), device, cardText: page.cardText.value } as Scanned;
  return page;
}

/** Saves into a list, makes zips when told so. */
function bench(page: Page, copies = true) {
  const out: string[] = [];
  let finish: (archive: Archive) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const asked: FinishedRun[] = [];
  const files = {
    archive: (run: FinishedRun, onFigure: OnFigure) =>
      new Promise<Archive>((resolve, reject) => {
        asked.push(run);
        onFigure('map-z', 1, 9);
        [finish, fail] = [resolve, reject];
      }),
    figure: async (): Promise<Bytes> => new Uint8Array(),
  };
  const ways: Ways = {
    save: (_, name) => out.push(name),
    copy: async (text) => (out.push(text), copies),
    address: () => `${ADDRESS}?theme=dark#c=old`,
  };
  const exports = new Exports(page, files as unknown as FilesClient, ways);
  return { exports, out, asked, finish: (archive: Archive) => finish(archive), fail: (error: Error) => fail(error) };
}

describe('files', () => {
  test('are made one at a time, with words for what is made', async () => {
    const { exports, out, asked, finish } = bench(scannedPage());
    const saving = exports.saveRun();
    await expect.poll(() => exports.busy.value, PATIENTLY).toBe('map-z, figure 2 of 9');
    await exports.saveCard();
    expect(out).toEqual([]);
    finish({ zip: new Uint8Array(), warning: 'plots: no PNG' });
    await saving;
    expect([exports.busy.value, exports.said.value]).toEqual([undefined, 'synthetic.zip saved; plots: no PNG']);
    await exports.saveCard();
    expect(out).toEqual(['synthetic.zip', 'card.yaml']);
    expect(asked).toHaveLength(1);
  });

  test('that cannot be made leave an error, and the next one can', async () => {
    const page = scannedPage();
    const { exports, out, asked, fail } = bench(page);
    const saving = exports.saveRun();
    await expect.poll(() => asked.length, PATIENTLY).toBe(1);
    fail(new DarkscanError('internal', 'internal: the worker that makes files stopped (out of memory)'));
    await saving;
    expect(page.error.value?.message).toMatch(/^internal: the worker that makes files stopped/);
    expect([exports.busy.value, exports.said.value]).toEqual([undefined, '']);
    await exports.saveFigure('map-z', 'png');
    expect([out, page.error.value]).toEqual([['synthetic-map-z.png'], undefined]);
  });
});

describe('what is copied', () => {
  test('is shown where the browser refuses to copy', async () => {
    const { exports } = bench(scannedPage(), false);
    await exports.copyCommand();
    expect(exports.said.value).toBe(
      'the browser does not let the page copy: npx darkscan scan card.yaml --backend cpu',
    );
  });

  test('is a link to the card as it is now, with the files it names and the page has', async () => {
    const page = scannedPage();
    page.cardText.value = LINE_CARD;
    await giveFile(page, 'events.csv', EVENTS_FILE);
    await giveFile(page, 'other.csv', new File(['m\n'], 'other.csv'));
    const { exports, out } = bench(page);
    await exports.copyLink();
    const link = new URL(out[0]);
    expect(link.href.startsWith(`${ADDRESS}?theme=dark#c=`)).toBe(true);
    const { text, files } = await cardOfLink(link.hash);
    expect(text).toBe(LINE_CARD);
    expect(files).toMatchObject([{ name: 'events.csv', bytes: EVENTS.length }]);
  });
});

describe('a link that is opened', () => {
  test('waits for its files, keeps what it knows of them in the next link, takes no other content', async () => {
    const page = emptyPage();
    page.cardText.value = LINE_CARD;
    await giveFile(page, 'events.csv', EVENTS_FILE);
    const [first, second] = [bench(page), bench(page)];
    await first.exports.copyLink();
    page.unblind.value = true;

    await openPage(page, new URL(first.out[0]).hash);
    expect(missingFiles(page)).toEqual(['events.csv']);
    expect([page.unblind.value, page.scanned.value, page.running.value]).toEqual([false, undefined, undefined]);
    await second.exports.copyLink();
    expect(second.out).toEqual(first.out);

    const other = new File([EVENTS.replace('1.05', '1.06')], 'events.csv');
    await expect(giveFile(page, 'events.csv', other)).rejects.toMatchObject({ kind: 'data' });
    expect(missingFiles(page)).toEqual(['events.csv']);
    await giveFile(page, 'events.csv', EVENTS_FILE);
    expect(missingFiles(page)).toEqual([]);
  });

  test('says nothing of files after another card was taken', async () => {
    const page = emptyPage();
    page.linked.value = [{ name: 'events.csv', sha256: HASH, bytes: 1 }];
    page.takeExample({ name: 'line', title: 'a line', text: LINE_CARD });
    await giveFile(page, 'events.csv', EVENTS_FILE);
    expect(missingFiles(page)).toEqual([]);
  });
});
