/**
 * LZMA: matches and literals, coded bit by bit with a range coder and adaptive probabilities. Written after the
 * reference decoder in Igor Pavlov's LZMA specification (https://7-zip.org/sdk.html, lzma-specification, public domain),
 * with its names. The dictionary is the output itself.
 */

const N_STATES = 12;
const POS_STATES = 16;
const INITIAL = 1024; // probability 1/2 in units of 2^-11

// Offsets of the tables in one array of probabilities.
const IS_MATCH = 0;
const IS_REP = IS_MATCH + N_STATES * POS_STATES;
const IS_REP_G0 = IS_REP + N_STATES;
const IS_REP_G1 = IS_REP_G0 + N_STATES;
const IS_REP_G2 = IS_REP_G1 + N_STATES;
const IS_REP0_LONG = IS_REP_G2 + N_STATES;
const POS_SLOT = IS_REP0_LONG + N_STATES * POS_STATES;
const POS_DECODERS = POS_SLOT + 4 * 64;
const ALIGN = POS_DECODERS + 115;
const LENGTH = ALIGN + 16;
const LENGTH_PROBS = 2 + 2 * POS_STATES * 8 + 256;
const REP_LENGTH = LENGTH + LENGTH_PROBS;
const LITERAL = REP_LENGTH + LENGTH_PROBS;
/** LZMA2 allows lc + lp up to 4. */
const ALL = LITERAL + (0x300 << 4);

export class LzmaDecoder {
  /** Bytes written so far. */
  length = 0;
  private readonly input: Uint8Array;
  private readonly output: Uint8Array;
  private readonly probs = new Uint16Array(ALL).fill(INITIAL);
  private dictionaryStart = 0;
  private lc = 0;
  private lp = 0;
  private pb = 0;
  private state = 0;
  private reps: [number, number, number, number] = [0, 0, 0, 0];
  // range coder
  private range = 0;
  private code = 0;
  private at = 0;
  private end = 0;

  constructor(input: Uint8Array, output: Uint8Array) {
    this.input = input;
    this.output = output;
  }

  resetDictionary(): void {
    this.dictionaryStart = this.length;
  }

  setProperties(byte: number): void {
    this.lc = byte % 9;
    this.lp = Math.floor(byte / 9) % 5;
    this.pb = Math.floor(byte / 45);
    if (this.pb > 4 || this.lc + this.lp > 4) throw new Error(`LZMA properties ${byte}`);
  }

  resetState(): void {
    this.probs.fill(INITIAL);
    this.state = 0;
    this.reps = [0, 0, 0, 0];
  }

  /** A chunk that is not packed. */
  copy(start: number, length: number): void {
    this.makeRoom(length);
    if (start + length > this.input.length) throw new Error('LZMA data end too early');
    this.output.set(this.input.subarray(start, start + length), this.length);
    this.length += length;
  }

  /** Decodes input[start, end) to `size` bytes. Error (plain): they do not end together, a match before the start. */
  decode(start: number, end: number, size: number): void {
    this.makeRoom(size);
    if (end > this.input.length || end - start < 5) throw new Error('LZMA data end too early');
    this.range = 0xffffffff;
    this.code = new DataView(this.input.buffer, this.input.byteOffset).getUint32(start + 1);
    this.at = start + 5;
    this.end = end;
    const limit = this.length + size;
    while (this.length < limit) this.step(limit);
    if (this.at !== end || this.code !== 0) throw new Error('LZMA chunk has the wrong length');
  }

  private makeRoom(size: number): void {
    if (this.length + size > this.output.length) throw new Error('LZMA data are longer than expected');
  }

  /** One literal or one match. */
  private step(limit: number): void {
    const { state, reps } = this;
    const position = this.length - this.dictionaryStart;
    const posState = position & ((1 << this.pb) - 1);
    if (this.bit(IS_MATCH + state * POS_STATES + posState) === 0) return this.literal(position);
    let length: number;
    if (this.bit(IS_REP + state) === 0) {
      length = this.lengthOf(LENGTH, posState);
      this.reps = [this.distance(length), reps[0], reps[1], reps[2]];
      this.state = state < 7 ? 7 : 10;
    } else if (this.bit(IS_REP_G0 + state) === 0) {
      if (this.bit(IS_REP0_LONG + state * POS_STATES + posState) === 0) {
        this.state = state < 7 ? 9 : 11;
        return this.match(1, limit);
      }
      length = this.lengthOf(REP_LENGTH, posState);
      this.state = state < 7 ? 8 : 11;
    } else {
      if (this.bit(IS_REP_G1 + state) === 0) this.reps = [reps[1], reps[0], reps[2], reps[3]];
      else if (this.bit(IS_REP_G2 + state) === 0) this.reps = [reps[2], reps[0], reps[1], reps[3]];
      else this.reps = [reps[3], reps[0], reps[1], reps[2]];
      length = this.lengthOf(REP_LENGTH, posState);
      this.state = state < 7 ? 8 : 11;
    }
    this.match(length + 2, limit);
  }

  private literal(position: number): void {
    const { output, lc, lp, state } = this;
    const previous = position > 0 ? output[this.length - 1] : 0;
    const context = ((position & ((1 << lp) - 1)) << lc) + (previous >> (8 - lc));
    const base = LITERAL + 0x300 * context;
    let symbol = 1;
    if (state >= 7) {
      let matched = output[this.length - this.reps[0] - 1];
      while (symbol < 0x100) {
        const matchBit = (matched >> 7) & 1;
        matched <<= 1;
        const found = this.bit(base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | found;
        if (matchBit !== found) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.bit(base + symbol);
    output[this.length++] = symbol;
    this.state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  private match(length: number, limit: number): void {
    const [distance] = this.reps;
    if (distance >= this.length - this.dictionaryStart) throw new Error('LZMA match before the start');
    if (this.length + length > limit) throw new Error('LZMA match after the end');
    for (let i = 0; i < length; i++, this.length++) this.output[this.length] = this.output[this.length - distance - 1];
  }

  private lengthOf(table: number, posState: number): number {
    const [low, mid, high] = [table + 2, table + 2 + POS_STATES * 8, table + 2 + 2 * POS_STATES * 8];
    if (this.bit(table) === 0) return this.tree(low + posState * 8, 3);
    if (this.bit(table + 1) === 0) return 8 + this.tree(mid + posState * 8, 3);
    return 16 + this.tree(high, 8);
  }

  private distance(length: number): number {
    const slot = this.tree(POS_SLOT + Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const nDirect = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << nDirect) >>> 0;
    if (slot < 14) return base + this.reverseTree(POS_DECODERS + base - slot, nDirect);
    return base + this.direct(nDirect - 4) * 16 + this.reverseTree(ALIGN, 4);
  }

  private tree(table: number, nBits: number): number {
    let m = 1;
    for (let i = 0; i < nBits; i++) m = (m << 1) | this.bit(table + m);
    return m - (1 << nBits);
  }

  private reverseTree(table: number, nBits: number): number {
    let [m, symbol] = [1, 0];
    for (let i = 0; i < nBits; i++) {
      const bit = this.bit(table + m);
      m = (m << 1) | bit;
      symbol |= bit << i;
    }
    return symbol;
  }

  /** Bits of probability 1/2. */
  private direct(nBits: number): number {
    let result = 0;
    for (let i = 0; i < nBits; i++) {
      this.range >>>= 1;
      const bit = this.code >= this.range ? 1 : 0;
      if (bit === 1) this.code -= this.range;
      this.normalise();
      result = result * 2 + bit;
    }
    return result;
  }

  private bit(index: number): number {
    const p = this.probs[index];
    const bound = (this.range >>> 11) * p;
    let bit = 0;
    if (this.code < bound) {
      this.range = bound;
      this.probs[index] = p + ((2048 - p) >> 5);
    } else {
      this.range -= bound;
      this.code -= bound;
      this.probs[index] = p - (p >> 5);
      bit = 1;
    }
    this.normalise();
    return bit;
  }

  private normalise(): void {
    if (this.range >= 0x1000000) return;
    if (this.at >= this.end) throw new Error('LZMA data end too early');
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | this.input[this.at++]) >>> 0;
  }
}
