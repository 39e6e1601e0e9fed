/** Files for tests: small ones in tests/fixtures, public ones in ../shared/data (or DARKSCAN_DATA). */
import { existsSync, readFileSync } from 'node:fs';

export const SHARED = process.env.DARKSCAN_DATA ?? new URL('../../../shared/data', import.meta.url).pathname;
export const hasShared = existsSync(`${SHARED}/root`);
// a missing folder skips tests on a laptop; in CI it is a mistake
if (!hasShared && process.env.CI) throw new Error(`${SHARED}/root is missing`);

export const FIXTURES = new URL('../fixtures/', import.meta.url).pathname;

/** Bytes in a buffer of their own. */
export const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(FIXTURES + name));
export const shared = (name: string): Uint8Array => new Uint8Array(readFileSync(`${SHARED}/${name}`));
